using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Grants;

/// <summary>A refresh token as stored under its hash.</summary>
internal sealed record RefreshToken
{
    /// <summary>What is left of one that was ended with its grant: of no realm, and so unknown in each.</summary>
    public static RefreshToken Ended { get; } = new() { Realm = "", ClientId = "", GrantId = "", Life = new ClientLife("", 0, 0), AccessToken = "", State = RefreshTokenState.Invalidated };

    public required string Realm { get; init; }

    public required string ClientId { get; init; }

    public required string GrantId { get; init; }

    public required ClientLife Life { get; init; }

    /// <summary>The hash of the access token issued with it.</summary>
    public required string AccessToken { get; init; }

    public RefreshTokenState State { get; init; }

    /// <summary>Until when a repeat of the rotation gets the same answer; null when it never does.</summary>
    public DateTimeOffset? GraceEnds { get; init; }

    /// <summary>The answer of the rotation, which only the token itself opens.</summary>
    public string? Successor { get; init; }
}
