using System.Collections.Concurrent;

namespace EdgeAuth.Catalog;

/// <summary>The health statistics of the APIs. Enforcement writes them, management reads them.</summary>
internal sealed class HealthBook(TimeProvider time)
{
    private const int DefaultSeconds = 60;

    private readonly ConcurrentDictionary<string, ApiHealth> _apis = new(StringComparer.Ordinal);

    /// <summary>The statistics of an API, kept over reloads that do not change over how long they are taken; null where they are switched off.</summary>
    public ApiHealth? For(CompiledApi api)
    {
        var settings = api.Catalog.Settings.Tyk.HealthCheck;
        if (!settings.EnableHealthChecks)
        {
            return null;
        }

        var seconds = settings.HealthCheckValueTimeouts > 0 ? settings.HealthCheckValueTimeouts : DefaultSeconds;
        return _apis.AddOrUpdate(api.Id, _ => new ApiHealth(time, seconds), (_, known) => known.Seconds == seconds ? known : new ApiHealth(time, seconds));
    }
}
