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

    /// <summary>The user of the password grant; empty where there is none.</summary>
    public string Subject { get; init => field = value ?? ""; } = "";

    public string Scope { get; init => field = value ?? ""; } = "";

    /// <summary>The rules its tokens get; null for those of the client's policy at the time of issue.</summary>
    public Session? Rules { get; init; }

    public required ClientLife Life { get; init; }
}
