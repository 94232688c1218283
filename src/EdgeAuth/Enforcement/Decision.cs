using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;

namespace EdgeAuth.Enforcement;

/// <summary>The verdict on a request, apart from how it is written.</summary>
internal readonly record struct Decision
{
    /// <summary>Why it does not pass; <see cref="RefusalReason.None"/> when it does.</summary>
    public RefusalReason Refusal { get; init; }

    /// <summary>The way to authenticate that failed; meaningless where the refusal has another cause.</summary>
    public AuthMode Method { get; init; }

    /// <summary>The version that is asked for; null as long as none was found.</summary>
    public CompiledVersion? Version { get; init; }

    /// <summary>Where the version's segment ends in the path as it was sent; 0 when it does not stand there.</summary>
    public int VersionEnd { get; init; }

    /// <summary>The answer that takes the place of the upstream's; null without one.</summary>
    public FixedReply? Reply { get; init; }

    /// <summary>The limits of the key, and how they stand; where the organisation's refused, those.</summary>
    public LimitStatus Limits { get; init; }

    /// <summary>How the rate of all callers together stands; null where there is none, or it was not asked.</summary>
    public ApiRateStatus? All { get; init; }

    /// <summary>Whose session it is; only where a key holder asks for its own limits.</summary>
    public SessionEntry? Holder { get; init; }

    /// <summary>How the request is to be held and tried again; null for not at all (spec/tyk.md d.6).</summary>
    public Throttle? Throttle => Refusal == RefusalReason.RateExceeded ? Limits.Limits?.Spec.Throttle : null;
}
