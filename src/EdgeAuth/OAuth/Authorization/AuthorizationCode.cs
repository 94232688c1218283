using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Authorization;

/// <summary>An authorization code as stored under its hash.</summary>
internal sealed record AuthorizationCode
{
    public required string Realm { get; init; }

    public required string ClientId { get; init; }

    public required string GrantId { get; init; }

    public required ClientLife Life { get; init; }

    /// <summary>The redirect URI of the authorization request, which the exchange must repeat.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>The S256 challenge of RFC 7636; null when none was given.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>Spent by an exchange: presented again, it ends its grant.</summary>
    public bool Used { get; init; }
}
