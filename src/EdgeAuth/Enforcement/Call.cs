using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Enforcement;

/// <summary>A request on its way through the checks, with what they look at.</summary>
internal readonly record struct Call(HttpContext Context, CompiledApi Api, CompiledVersion Version, RequestTarget Target)
{
    /// <summary>The key holder only asks for its own limits: nothing is counted, and no path is looked at.</summary>
    public bool IsInquiry { get; init; }

    /// <summary>Ends when the caller has gone away.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    public Decision Refuse(RefusalReason reason, AuthMode method = default) => new() { Refusal = reason, Method = method, Version = Version };
}
