namespace EdgeAuth.Dialects.Authlete;

/// <summary>The answer to create (spec/authlete.md 2.2); of a refusal the first three members only.</summary>
internal sealed record AuthleteCreateResponse(string ResultCode, string ResultMessage, string Action)
{
    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    public string? TokenType { get; init; }

    /// <summary>Seconds; 0 for never.</summary>
    public long? ExpiresIn { get; init; }

    /// <summary>Unix milliseconds; 0 for never.</summary>
    public long? ExpiresAt { get; init; }

    public string? GrantType { get; init; }

    public long? ClientId { get; init; }

    public string? Subject { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public IReadOnlyList<AuthleteProperty>? Properties { get; init; }

    public AuthleteAuthorizationDetails? AuthorizationDetails { get; init; }

    public bool? ForExternalAttachment { get; init; }
}
