namespace EdgeAuth.Dialects.Authlete;

/// <summary>The answer to list (spec/authlete.md 2.3).</summary>
internal sealed record AuthleteTokenList(int Start, int End, int TotalCount)
{
    /// <summary>The client that was asked for.</summary>
    public AuthleteClient? Client { get; init; }

    /// <summary>The user who was asked for.</summary>
    public string? Subject { get; init; }

    public IReadOnlyList<AuthleteAccessToken>? AccessTokens { get; init; }
}
