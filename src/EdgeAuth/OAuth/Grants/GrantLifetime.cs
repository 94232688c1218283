using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Grants;

/// <summary>How long a grant is stored.</summary>
internal static class GrantLifetime
{
    // A grant outlives its tokens: a late replay is still recognised as one, and lists show for a while what has ended (spec/authlete.md 3.10).
    public static TimeSpan Margin { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// When a grant is forgotten, and when the Key of its access token is: together, where management made or changed the token, so that it can be changed while it is
    /// listed. A Key that must go before it expires does so.
    /// </summary>
    /// <param name="grant">The grant with its tokens.</param>
    /// <param name="session">The Key's session as it is in force.</param>
    /// <param name="keyUntil">When the Key would be forgotten; null for never.</param>
    public static (DateTimeOffset? Grant, DateTimeOffset? Key) StoredUntil(Grant grant, Session session, DateTimeOffset? keyUntil)
    {
        var grantUntil = StoredUntil(grant, keyUntil);
        var mayWait = keyUntil is { } until && session is { PostExpiryAction: null, Expires: > 0 and var expires } && until.ToUnixTimeSeconds() > expires;
        return (grantUntil, mayWait ? grantUntil : keyUntil);
    }

    /// <param name="grant">The grant with its tokens.</param>
    /// <param name="keyUntil">When the Key of its access token is forgotten; null for never.</param>
    /// <returns>Null for ever.</returns>
    public static DateTimeOffset? StoredUntil(Grant grant, DateTimeOffset? keyUntil)
    {
        if (keyUntil is not { } key)
        {
            return null;
        }

        var last = Math.Max(grant.AccessEnds, grant.RefreshToken is null ? 0 : grant.RefreshExpires);
        var both = DateTimeOffset.FromUnixTimeMilliseconds(last) + Margin;
        return key > both ? key : both;
    }
}
