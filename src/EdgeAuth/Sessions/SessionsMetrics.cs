using System.Diagnostics.Metrics;

namespace EdgeAuth.Sessions;

/// <summary>What the session cache does.</summary>
internal sealed class SessionsMetrics
{
    public const string MeterName = "EdgeAuth.Sessions";

    private readonly Counter<long> _loads;

    public SessionsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _loads = meter.CreateCounter<long>("edgeauth.sessions.loads", "{load}", "Sessions read from the store, by what they turned out to be.");
        meter.CreateObservableGauge("edgeauth.sessions.cached", () => CountCached?.Invoke() ?? 0, "{session}", "Sessions in memory.");
    }

    /// <summary>Counts the sessions in memory; set by the composition once the cache is there.</summary>
    public Func<int>? CountCached { get; set; }

    public void Loaded(SessionState state)
    {
        if (_loads.Enabled)
        {
            _loads.Add(1, new KeyValuePair<string, object?>("state", state switch
            {
                SessionState.Alive => "alive",
                SessionState.ClientDeleted => "client_deleted",
                _ => "unknown",
            }));
        }
    }
}
