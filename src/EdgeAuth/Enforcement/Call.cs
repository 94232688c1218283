using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Gate;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Enforcement;

/// <summary>A request on its way through the checks, with what they look at.</summary>
internal readonly record struct Call(HttpContext Context, CompiledApi Api, CompiledVersion Version, RequestPath Target)
{
    /// <summary>Where the version's segment ends in the path as it was sent; 0 when it does not stand there.</summary>
    public int VersionEnd { get; init; }

    public RequestWay Way { get; init; }

    /// <summary>The answer that takes the place of the upstream's when the request passes; null without one.</summary>
    public FixedReply? Reply { get; init; }

    /// <summary>The key holder only asks for its own limits: nothing is counted, and no path is looked at.</summary>
    public bool IsInquiry { get; init; }

    /// <summary>Ends when the caller has gone away.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    public Decision Refuse(RefusalReason reason, AuthMode method = default) => new() { Refusal = reason, Method = method, Version = Version };

    public Decision Pass() => new() { Version = Version, VersionEnd = VersionEnd, Reply = Reply };
}
