using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.OAuth;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>A call that the dialect serves.</summary>
/// <param name="Path">Below the dialect's <c>/tyk</c>, with its parameters in braces.</param>
/// <param name="HandleAsync">Answers a caller who has the secret.</param>
/// <param name="Call">Its method, and what is particular to it.</param>
internal sealed record TykRoute(string Path, Func<HttpContext, Task> HandleAsync, Operation Call)
{
    public string Method => Call.Method;

    /// <summary>It changes something, and so has dry runs.</summary>
    public bool Writes { get; init; } = Call.Method is not "GET";

    /// <summary>The call with what it has in common with the others of the dialect.</summary>
    public Operation Describe() => Describe(Call, Writes);

    public static Operation Describe(Operation call, bool writes) => call with
    {
        Group = "Tyk",
        Access = OperationAccess.Management,
        Query = writes ? [.. call.Query, new(TykDryRun.Parameter, "With true nothing is changed, and the answer is what would have been.")] : call.Query,
        Answers = writes ? [.. call.Answers, OperationContent.Of(static () => TykJson.Default.TykChanges)] : call.Answers,
        Errors = [.. call.Errors, OperationContent.Of(static () => OAuthJson.Default.StatusMessage)],
    };
}
