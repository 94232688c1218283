namespace EdgeAuth.Dialects.Authlete;

/// <summary>The answer to update (spec/authlete.md 2.6): the state after it; of a refusal the first three members only.</summary>
internal sealed record AuthleteUpdateResponse(string ResultCode, string ResultMessage, string Action)
{
    public string? AccessToken { get; init; }

    /// <summary>Unix milliseconds, to the second; 0 for never.</summary>
    public long? AccessTokenExpiresAt { get; init; }

    /// <summary>Unix milliseconds, to the second; 0 where there is none.</summary>
    public long? RefreshTokenExpiresAt { get; init; }

    public string? TokenType { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public IReadOnlyList<AuthleteProperty>? Properties { get; init; }

    public AuthleteAuthorizationDetails? AuthorizationDetails { get; init; }

    public bool? ForExternalAttachment { get; init; }
}
