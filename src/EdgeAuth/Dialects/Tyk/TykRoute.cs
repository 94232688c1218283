using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>A call that the dialect serves.</summary>
/// <param name="Method">Upper-case.</param>
/// <param name="Path">Below the dialect's <c>/tyk</c>, with its parameters in braces.</param>
/// <param name="HandleAsync">Answers a caller who has the secret.</param>
internal sealed record TykRoute(string Method, string Path, Func<HttpContext, Task> HandleAsync)
{
    /// <summary>It changes something, and so has dry runs.</summary>
    public bool Writes { get; init; } = Method is not "GET";
}
