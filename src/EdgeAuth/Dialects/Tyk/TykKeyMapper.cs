using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Shows a key's session as it is in force, its quotas from the live counters at both levels (spec/tyk.md f.1).</summary>
internal sealed class TykKeyMapper(KeyService keys, QuotaBook quotas)
{
    public async ValueTask<Session> MapAsync(KeyHash hash, StoredKey key, CancellationToken cancellationToken)
    {
        var session = keys.Merge(key);
        var owner = SharedCounter.OwnerOf(session.OrgId, session.MetaData) ?? key.CountsUnder ?? hash.ToHex();
        var own = await ReadAsync(owner, "", session.QuotaMax, cancellationToken);
        var rights = new Dictionary<string, AccessDefinition>(StringComparer.Ordinal);
        foreach (var (api, access) in session.AccessRights)
        {
            rights[api] = access.EffectiveLimit is { } limit && await ReadAsync(owner, access.AllowanceScope, limit.QuotaMax, cancellationToken) is { } live
                ? access with { Limit = limit with { QuotaRemaining = live.Remaining, QuotaRenews = live.Renews ?? limit.QuotaRenews } }
                : access;
        }

        return WithoutPassword(session) with
        {
            AccessRights = rights,
            QuotaRemaining = own?.Remaining ?? session.QuotaRemaining,
            QuotaRenews = own?.Renews ?? session.QuotaRenews,
        };
    }

    public static Session WithoutPassword(Session session) => session.BasicAuthData is { } data ? session with { BasicAuthData = data with { Password = "" } } : session;

    // Null while the quota is unlimited: then the session's own figures are shown as they are.
    private async ValueTask<(long Remaining, long? Renews)?> ReadAsync(string owner, string scope, long maximum, CancellationToken cancellationToken)
    {
        if (maximum <= 0)
        {
            return null;
        }

        var reading = await quotas.ReadAsync(owner, scope, cancellationToken);
        return reading is null ? (maximum, null) : (Math.Max(0, maximum - reading.Used), reading.Ends?.ToUnixTimeSeconds());
    }
}
