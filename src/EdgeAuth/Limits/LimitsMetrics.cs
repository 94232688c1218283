using System.Diagnostics.Metrics;

namespace EdgeAuth.Limits;

/// <summary>What the limiter costs.</summary>
internal sealed class LimitsMetrics
{
    public const string MeterName = "EdgeAuth.Limits";

    private readonly Counter<long> _refills;
    private readonly Counter<long> _returns;

    public LimitsMetrics(IMeterFactory meters, Storage.RateWindows windows)
    {
        var meter = meters.Create(MeterName);
        _refills = meter.CreateCounter<long>("edgeauth.limits.refills", "{call}", "Calls to the ledger for quota permits.");
        _returns = meter.CreateCounter<long>("edgeauth.limits.returns", "{call}", "Calls to the ledger that only gave quota permits back.");
        meter.CreateObservableGauge("edgeauth.limits.windows", () => windows.Count, "{window}", "Rate windows in memory.");
    }

    public void Refilled() => _refills.Add(1);

    public void Returned() => _returns.Add(1);
}
