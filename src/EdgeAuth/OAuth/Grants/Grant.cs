using System.Text.Json.Serialization;
using EdgeAuth.OAuth.Records;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Grants;

/// <summary>
/// One authorisation, parent of its code, access tokens and refresh tokens: they end with it. The member <c>life</c> is what session loads
/// read of it.
/// </summary>
internal sealed record Grant
{
    public required string Id { get; init; }

    public required string Realm { get; init; }

    public required string ClientId { get; init; }

    /// <summary>One of <see cref="TokenGrantType"/>.</summary>
    public string GrantType { get; init => field = value ?? ""; } = "";

    /// <summary>The user; empty where none is known.</summary>
    public string Subject { get; init => field = value ?? ""; } = "";

    public string Scope { get; init => field = value ?? ""; } = "";

    /// <summary>The rules its tokens get; null for those of the client's policy at the time of issue.</summary>
    public Session? Rules { get; init; }

    public required ClientLife Life { get; init; }

    /// <summary>The hash of the access token that was issued last; null before the first.</summary>
    public string? AccessToken { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>When that access token ends by itself, whatever its rules say: Unix milliseconds, 0 for never.</summary>
    public long AccessExpires { get; init; }

    /// <summary>The hash of the refresh token that is good now; null for none.</summary>
    public string? RefreshToken { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Unix milliseconds; 0 where there is none.</summary>
    public long RefreshExpires { get; init; }

    /// <summary>When the first access token was issued: Unix milliseconds. Lists are in this order.</summary>
    public long Created { get; init; }

    /// <summary>When it was refreshed last: Unix milliseconds, 0 for never.</summary>
    public long Refreshed { get; init; }

    /// <summary>One of those of which a user and a client have one at a time (spec/tyk.md b.3); its rules were the user's.</summary>
    public bool IsOfUser { get; init; }

    /// <summary>What an application attached to it.</summary>
    public IReadOnlyList<TokenProperty>? Properties { get; init; }

    /// <summary>Its rules are what its properties make them, and so end when those say.</summary>
    public bool RulesAreProperties { get; init; }

    public TokenDetails? Details { get; init; }

    /// <summary>When the access token ends: the earlier of its own expiry and that of its rules. Unix milliseconds, 0 for never.</summary>
    [JsonIgnore]
    public long AccessEnds =>
        RulesAreProperties && Rules is { Expires: > 0 and var seconds } && KeyLifetime.FromUnixSeconds(seconds).ToUnixTimeMilliseconds() is var ends && (AccessExpires == 0 || ends < AccessExpires) ? ends : AccessExpires;

    /// <summary>True while there is a refresh token that can be used.</summary>
    public bool CanRefresh(DateTimeOffset now) => RefreshToken is not null && RefreshExpires > now.ToUnixTimeMilliseconds();
}
