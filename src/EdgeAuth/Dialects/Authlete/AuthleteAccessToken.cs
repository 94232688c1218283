namespace EdgeAuth.Dialects.Authlete;

/// <summary>A token in a list (spec/authlete.md 2.3), named by hashes only. Times are Unix milliseconds, expiries to the second, 0 for none.</summary>
internal sealed record AuthleteAccessToken
{
    public required string AccessTokenHash { get; init; }

    public required long AccessTokenExpiresAt { get; init; }

    public string? RefreshTokenHash { get; init; }

    public required long RefreshTokenExpiresAt { get; init; }

    public required long CreatedAt { get; init; }

    public required long LastRefreshedAt { get; init; }

    public required long ClientId { get; init; }

    public string? Subject { get; init; }

    public required string GrantType { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public IReadOnlyList<AuthleteProperty>? Properties { get; init; }
}
