using System.Text.Json;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Clients;

/// <summary>An OAuth client of one realm. The member <c>life</c> is what session loads read of it.</summary>
internal sealed record Client
{
    public required string Realm { get; init; }

    public required string Id { get; init; }

    /// <summary>
    /// The number it goes by where ids are numbers: its id if that is one, else one made up, of no other client (spec/authlete.md 4). Below 2^53, so that it
    /// survives JavaScript.
    /// </summary>
    public long Number { get; init; }

    /// <summary>The hash of its secret: of one generated here a SHA-256, of one that a caller chose a PBKDF2.</summary>
    public required string SecretHash { get; init; }

    /// <summary>An encrypted copy of the secret, where it may be shown again.</summary>
    public string? SealedSecret { get; init; }

    /// <summary>As registered: one URI, or several joined by the realm's separator.</summary>
    public string RedirectUri { get; init => field = value ?? ""; } = "";

    public string PolicyId { get; init => field = value ?? ""; } = "";

    public JsonElement? MetaData { get; init; }

    public string Description { get; init => field = value ?? ""; } = "";

    public required ClientLife Life { get; init; }

    /// <summary>Unix milliseconds; lists are in this order.</summary>
    public long Created { get; init; }
}
