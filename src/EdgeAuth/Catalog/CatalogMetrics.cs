using System.Diagnostics.Metrics;

namespace EdgeAuth.Catalog;

/// <summary>What is served, and how reloads ended.</summary>
internal sealed class CatalogMetrics
{
    public const string MeterName = "EdgeAuth.Catalog";

    private readonly Counter<long> _reloads;

    public CatalogMetrics(IMeterFactory meters, CatalogHolder catalogs)
    {
        var meter = meters.Create(MeterName);
        _reloads = meter.CreateCounter<long>("edgeauth.catalog.reloads", "{reload}", "Reloads, by outcome.");
        meter.CreateObservableGauge("edgeauth.catalog.apis", () => catalogs.Latest?.Apis.Count ?? 0, "{api}", "APIs in force.");
        meter.CreateObservableGauge("edgeauth.catalog.policies", () => catalogs.Latest?.Policies.Count ?? 0, "{policy}", "Policies in force.");
    }

    public void Reloaded(bool succeeded) => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "applied" : "refused"));
}
