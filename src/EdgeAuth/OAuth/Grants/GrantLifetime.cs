namespace EdgeAuth.OAuth.Grants;

/// <summary>How long a grant is stored.</summary>
internal static class GrantLifetime
{
    // A grant outlives its tokens: a late replay is still recognised as one, and lists show for a while what has ended (spec/authlete.md 3.10).
    public static TimeSpan Margin { get; } = TimeSpan.FromDays(1);

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
