namespace EdgeAuth.Sessions;

/// <summary>The part of a stored Grant that its place in the lists follows from; the rest is its owner's affair.</summary>
internal sealed record StoredGrant
{
    public string Realm { get; init => field = value ?? ""; } = "";

    public string Subject { get; init => field = value ?? ""; } = "";

    public string ClientId { get; init => field = value ?? ""; } = "";

    public ClientLife? Life { get; init; }

    /// <summary>The hash of its access token; null before the first, and so for as long as it is in no list.</summary>
    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long Created { get; init; }
}
