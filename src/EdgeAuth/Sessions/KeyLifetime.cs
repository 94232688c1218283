using EdgeAuth.Catalog;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Sessions;

/// <summary>How long a key is stored, which is not when it expires (spec/tyk.md c.4).</summary>
internal sealed class KeyLifetime(IOptions<SessionsOptions> options, TimeProvider time)
{
    // Far beyond any use; keeps sums of dates in range.
    private const long LongestSeconds = 1000L * 365 * 86400;

    /// <param name="session">The session with its policies merged in.</param>
    /// <param name="catalog">The generation whose APIs the session's rights name.</param>
    /// <param name="isToken">True for an OAuth access token.</param>
    /// <returns>Null for ever.</returns>
    public DateTimeOffset? StoredUntil(Session session, CompiledCatalog catalog, bool isToken)
    {
        var now = time.GetUtcNow();
        var settings = catalog.Settings.Tyk;
        if (settings.ForceGlobalSessionLifetime)
        {
            return settings.GlobalSessionLifetime > 0 ? now.AddSeconds(settings.GlobalSessionLifetime) : null;
        }

        DateTimeOffset? expires = session.Expires > 0 ? FromUnixSeconds(session.Expires) : null;
        if (session.PostExpiryAction is "delete")
        {
            return expires;
        }

        if (session.PostExpiryAction is "retain" && session.PostExpiryGracePeriod != 0)
        {
            return session.PostExpiryGracePeriod < 0 ? null : expires + TimeSpan.FromSeconds(Math.Min(session.PostExpiryGracePeriod, LongestSeconds));
        }

        var lifetime = LongestLifetime(session, catalog);
        if (lifetime is { } seconds)
        {
            var until = now.AddSeconds(Math.Min(seconds, LongestSeconds));
            return !RespectsExpiration(session, catalog) ? until : expires is null ? null : expires > until ? expires : until;
        }

        // A key that was written with an expiry in the past is told apart from an unknown one for as long.
        return (expires < now ? now : expires) + (isToken ? options.Value.ExpiredTokenRetention : options.Value.ExpiredKeyRetention);
    }

    // The key's own, else the longest among its APIs; null when an API sets none or nothing does.
    private static long? LongestLifetime(Session session, CompiledCatalog catalog)
    {
        if (session.SessionLifetime > 0)
        {
            return session.SessionLifetime;
        }

        long longest = 0;
        foreach (var id in session.AccessRights.Keys)
        {
            var own = catalog.Apis.TryGetValue(id, out var api) ? api.Definition.SessionLifetime : 0;
            if (own <= 0)
            {
                return null;
            }

            longest = Math.Max(longest, own);
        }

        return longest > 0 ? longest : null;
    }

    private static bool RespectsExpiration(Session session, CompiledCatalog catalog) =>
        catalog.Settings.Tyk.SessionLifetimeRespectsKeyExpiration
        || session.AccessRights.Keys.Any(id => catalog.Apis.TryGetValue(id, out var api) && api.Definition.SessionLifetimeRespectsKeyExpiration);

    /// <summary>An instant of a session, moved into the range of dates where it lies beyond.</summary>
    public static DateTimeOffset FromUnixSeconds(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds() - (2 * LongestSeconds)));
}
