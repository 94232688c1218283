using EdgeAuth.OAuth.Clients;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>
/// One authorisation as management sees it: an access token with the refresh token that belongs to it (spec/authlete.md 3.6). Whoever issued it.
/// </summary>
internal sealed record TokenRecord
{
    public required Client Client { get; init; }

    /// <summary>One of <see cref="TokenGrantType"/>; a refresh leaves it.</summary>
    public required string GrantType { get; init; }

    /// <summary>Empty for none.</summary>
    public required string Subject { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The rules among them, hidden.</summary>
    public required IReadOnlyList<TokenProperty> Properties { get; init; }

    public required TokenDetails Details { get; init; }

    public required KeyHash AccessToken { get; init; }

    /// <summary>Unix milliseconds, exact; 0 for never.</summary>
    public required long AccessTokenExpires { get; init; }

    /// <summary>Null for none.</summary>
    public required KeyHash? RefreshToken { get; init; }

    /// <summary>Unix milliseconds, exact; 0 where there is none.</summary>
    public required long RefreshTokenExpires { get; init; }

    /// <summary>Unix milliseconds; a refresh leaves it.</summary>
    public required long Created { get; init; }

    /// <summary>Unix milliseconds; 0 for never.</summary>
    public required long Refreshed { get; init; }
}
