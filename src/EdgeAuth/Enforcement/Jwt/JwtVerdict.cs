using EdgeAuth.Catalog;
using EdgeAuth.Sessions;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>What became of a token on one API, and what it stands on. It is not looked at again while all of that is as it was.</summary>
internal sealed class JwtVerdict
{
    public required RefusalReason Failure { get; init; }

    /// <summary>Stands for the generation whose rules were applied.</summary>
    public required object Generation { get; init; }

    /// <summary>In Unix seconds.</summary>
    public double From { get; init; } = double.NegativeInfinity;

    /// <summary>In Unix seconds.</summary>
    public double Until { get; init; } = double.PositiveInfinity;

    /// <summary>By the monotonic clock; for what is believed for a while only.</summary>
    public long RecheckAt { get; init; } = long.MaxValue;

    public JwtKey? Key { get; init; }

    public JwksSource? Source { get; init; }

    /// <summary>The OAuth client whose policy was taken.</summary>
    public ClientStamp? Client { get; init; }

    /// <summary>The stored session that the token leads to.</summary>
    public SessionEntry? Stored { get; init; }

    /// <summary>The session in force: the stored one, or what the token's policies make of it.</summary>
    public SessionEntry? Session { get; init; }

    /// <summary>True while everything but the stored session is as it was.</summary>
    public bool Stands(CompiledApi api, long now, double utcNow) =>
        ReferenceEquals(Generation, api.Catalog.Identity)
        && utcNow >= From && utcNow < Until && now < RecheckAt
        && Key is not { HasEnded: true }
        && Source?.IsDue(now) != true
        && Client is not { IsDropped: true };
}
