namespace EdgeAuth.Dialects.Authlete;

/// <summary>A client in a list of its tokens, as far as it is known here; never with its secret (spec/authlete.md 2.3).</summary>
internal sealed record AuthleteClient
{
    public required long ClientId { get; init; }

    /// <summary>Its id, where that is not its number.</summary>
    public string? ClientIdAlias { get; init; }

    public required bool ClientIdAliasEnabled { get; init; }

    public string? ClientName { get; init; }

    public required string ClientType { get; init; }

    public IReadOnlyList<string>? GrantTypes { get; init; }

    public IReadOnlyList<string>? ResponseTypes { get; init; }

    public IReadOnlyList<string>? RedirectUris { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    public required bool Locked { get; init; }
}
