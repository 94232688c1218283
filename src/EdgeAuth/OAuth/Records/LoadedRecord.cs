using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Token;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>A token record as read: a Grant with the Key of its access token, as far as that is still there, and its Client.</summary>
internal sealed record LoadedRecord(Versioned<Grant> Read, Versioned<StoredKey>? Key, Client? Client)
{
    public Grant Grant => Read.Value;

    /// <summary>The access token, unless it was ended by anything but time.</summary>
    public StoredKey? StandingKey =>
        Key is { Value: { IsEnded: false } key } && string.Equals(key.GrantId, Grant.Id, StringComparison.Ordinal) && key.Life is { } life && life == Client?.Life ? key : null;

    /// <summary>
    /// True until it was revoked. One that has only expired is listed until it is forgotten, and so is one whose access token alone was ended while it can be
    /// refreshed.
    /// </summary>
    public bool IsAlive(DateTimeOffset now) =>
        Grant.Life.SharesGrantsWith(Client?.Life) && (StandingKey is not null || Grant.CanRefresh(now) || (Key is null && HasExpired(now)));

    /// <summary>True while its access token can be used.</summary>
    public bool IsValid(DateTimeOffset now) => Ends(now) is var ends && StandingKey is not null && (ends == 0 || ends > now.ToUnixTimeMilliseconds());

    /// <summary>When the access token ends, or has ended: Unix milliseconds, 0 for never.</summary>
    public long Ends(DateTimeOffset now)
    {
        var said = Grant.AccessEnds;
        if (StandingKey is { } key)
        {
            // Whoever wrote the session's expiry last has the say.
            return key.Session.Expires == TokenSession.Seconds(said) ? said : key.Session.Expires <= 0 ? 0 : KeyLifetime.FromUnixSeconds(key.Session.Expires).ToUnixTimeMilliseconds();
        }

        var current = now.ToUnixTimeMilliseconds();
        return said == 0 ? current : Math.Min(said, current);
    }

    private bool HasExpired(DateTimeOffset now) => Grant.AccessEnds is > 0 and var ends && ends <= now.ToUnixTimeMilliseconds();
}
