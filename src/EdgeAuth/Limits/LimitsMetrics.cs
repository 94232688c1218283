using System.Diagnostics.Metrics;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>What the limiter costs.</summary>
internal sealed class LimitsMetrics
{
    public const string MeterName = "EdgeAuth.Limits";

    private readonly Counter<long> _refills;
    private readonly Counter<long> _returns;

    private readonly Counter<long> _spent;

    public LimitsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _refills = meter.CreateCounter<long>("edgeauth.limits.refills", "{call}", "Calls to the ledger for permits.");
        _returns = meter.CreateCounter<long>("edgeauth.limits.returns", "{call}", "Calls to the ledger that only gave permits back.");
        _spent = meter.CreateCounter<long>("edgeauth.limits.spent", "{permit}", "Permits spent from leases of shared rates, counted when they are reported: against the calls they tell what a lease saves.");
        meter.CreateObservableGauge("edgeauth.limits.windows", () => CountWindows?.Invoke() ?? 0, "{window}", "Rate windows in memory.");
    }

    /// <summary>Counts the rate windows in memory; set by the book that holds them.</summary>
    public Func<int>? CountWindows { get; set; }

    public void Refilled() => _refills.Add(1);

    /// <summary>A call for permits of a shared rate, with which those spent before are told.</summary>
    public void Refilled(RateDemand demand)
    {
        Refilled();
        Spent(demand);
    }

    public void Returned() => _returns.Add(1);

    public void Returned(RateDemand demand)
    {
        Returned();
        Spent(demand);
    }

    private void Spent(RateDemand demand)
    {
        if (_spent.Enabled && demand.Report is { } report)
        {
            _spent.Add(report.Spent.Sum(static spent => spent.Permits));
        }
    }
}
