using System.Collections.Concurrent;

namespace EdgeAuth.Catalog;

/// <summary>The health statistics of the APIs. Enforcement writes them, management reads them.</summary>
internal sealed class HealthBook
{
    private const int DefaultSeconds = 60;

    private readonly ConcurrentDictionary<string, ApiHealth> _apis = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public HealthBook(CatalogHolder catalogs, TimeProvider time)
    {
        _time = time;

        // What is told of an API ends with it.
        catalogs.Changed += (_, _) =>
        {
            foreach (var gone in _apis.Keys.Where(id => !catalogs.Current.Apis.ContainsKey(id)))
            {
                _apis.TryRemove(gone, out _);
            }
        };
    }

    /// <summary>The statistics of an API, kept over reloads that do not change over how long they are taken; null where they are switched off.</summary>
    public ApiHealth? For(CompiledApi api)
    {
        var settings = api.Catalog.Settings.Tyk.HealthCheck;
        if (!settings.EnableHealthChecks)
        {
            return null;
        }

        var seconds = settings.HealthCheckValueTimeouts > 0 ? settings.HealthCheckValueTimeouts : DefaultSeconds;
        return _apis.AddOrUpdate(api.Id, _ => new ApiHealth(_time, seconds), (_, known) => known.Seconds == seconds ? known : new ApiHealth(_time, seconds));
    }
}
