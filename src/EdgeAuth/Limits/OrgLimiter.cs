using System.Collections.Concurrent;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;

namespace EdgeAuth.Limits;

/// <summary>Finds the limits of organisations. Bounded by the organisations that definitions name.</summary>
internal sealed class OrgLimiter(OrgDirectory directory)
{
    private readonly ConcurrentDictionary<string, OrgLimits> _limits = new(StringComparer.Ordinal);

    /// <summary>The limits of an API's organisation, null when it has none. False when the store must be asked.</summary>
    public bool TryFind(CompiledApi api, long now, out OrgLimits? limits)
    {
        var entry = directory.TryGet(api.OrgId, now);
        limits = entry is null ? null : Limits(api, entry);
        return entry is not null;
    }

    /// <summary>Asks the store. Throws <see cref="Storage.StoreUnavailableException"/> when it cannot be asked.</summary>
    public async ValueTask<OrgLimits?> LoadAsync(CompiledApi api, CancellationToken cancellationToken) =>
        Limits(api, await directory.LoadAsync(api.OrgId, cancellationToken));

    private OrgLimits? Limits(CompiledApi api, OrgEntry entry)
    {
        if (entry.Session is not { } session)
        {
            return null;
        }

        if (!_limits.TryGetValue(api.OrgId, out var known) || !ReferenceEquals(known.Session, session))
        {
            // One that another request makes at this moment counts under the same counters.
            _limits[api.OrgId] = known = new OrgLimits(api.OrgId, session, api.Catalog);
        }

        return known;
    }
}
