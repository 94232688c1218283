namespace EdgeAuth.OAuth.Records;

/// <summary>What a caller wants a new token record to be.</summary>
internal sealed record TokenDraft
{
    /// <summary>One of <see cref="TokenGrantType"/>.</summary>
    public required string GrantType { get; init; }

    /// <summary>The client's number.</summary>
    public required long ClientNumber { get; init; }

    /// <summary>Empty for none.</summary>
    public string Subject { get; init; } = "";

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Seconds; 0 or less takes what realm and scopes say.</summary>
    public long AccessTokenDuration { get; init; }

    /// <summary>Seconds; 0 or less takes what realm and scopes say.</summary>
    public long RefreshTokenDuration { get; init; }

    public IReadOnlyList<TokenProperty> Properties { get; init; } = [];

    /// <summary>The access token's value; null for a random one.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The refresh token's value; null for a random one, where one is issued.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The access token never expires.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>What else cannot be taken of the call, for the answer where nothing comes before it; null for nothing.</summary>
    public string? Problem { get; init; }

    public TokenDetails Details { get; init; } = new();
}
