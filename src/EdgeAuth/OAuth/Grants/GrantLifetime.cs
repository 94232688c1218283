using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Grants;

/// <summary>How long a grant is stored.</summary>
internal static class GrantLifetime
{
    // A grant outlives its tokens: a late replay is still recognised as one, and lists show for a while what has ended (spec/authlete.md 3.10).
    public static TimeSpan Margin { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long the Key of a token that management made or changed is stored: as long as its grant, so that it can be changed while it is listed. One that must
    /// go before it expires does so.
    /// </summary>
    /// <param name="grant">The grant with its refresh token.</param>
    /// <param name="session">The Key's session as it is in force.</param>
    /// <param name="keyUntil">When the Key would be forgotten; null for never.</param>
    public static DateTimeOffset? KeyStoredUntil(Grant grant, Session session, DateTimeOffset? keyUntil) =>
        keyUntil is { } until && session is { PostExpiryAction: null, Expires: > 0 and var expires } && until.ToUnixTimeSeconds() > expires ? StoredUntil(grant, keyUntil) : keyUntil;

    /// <param name="grant">The grant with its refresh token.</param>
    /// <param name="keyUntil">When its access token's Key is forgotten; null for never.</param>
    /// <returns>Null for ever.</returns>
    public static DateTimeOffset? StoredUntil(Grant grant, DateTimeOffset? keyUntil)
    {
        var refreshUntil = grant.RefreshToken is null ? DateTimeOffset.MinValue : DateTimeOffset.FromUnixTimeMilliseconds(grant.RefreshExpires);
        var last = keyUntil > refreshUntil ? keyUntil : keyUntil is null ? null : refreshUntil;
        return last + Margin;
    }
}
