using EdgeAuth.Catalog.Descriptions;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>A call that the dialect serves.</summary>
/// <param name="Path">Below the dialect's <c>/api/auth/token</c>.</param>
/// <param name="HandleAsync">Answers a service that has shown its secret.</param>
/// <param name="Call">Its method, and what is particular to it.</param>
internal sealed record AuthleteRoute(string Path, Func<AuthleteCall, Task> HandleAsync, Operation Call)
{
    public string Method => Call.Method;

    /// <summary>The call with what it has in common with the others of the dialect.</summary>
    public Operation Describe() => Call with { Group = "Authlete", Access = OperationAccess.Service, Errors = [OperationContent.Of(static () => AuthleteJson.Default.AuthleteResult)] };
}
