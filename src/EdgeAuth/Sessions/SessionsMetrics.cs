using System.Diagnostics.Metrics;

namespace EdgeAuth.Sessions;

/// <summary>What the session cache does.</summary>
internal sealed class SessionsMetrics
{
    public const string MeterName = "EdgeAuth.Sessions";

    private readonly Counter<long> _loads;
    private readonly Counter<long> _stale;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _propagation;

    public SessionsMetrics(IMeterFactory meters, Freshness freshness, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        _loads = meter.CreateCounter<long>("edgeauth.sessions.loads", "{load}", "Sessions read from the store, by what they turned out to be.");
        _stale = meter.CreateCounter<long>("edgeauth.sessions.stale", "{session}", "Sessions served from memory in the place of a store that is down.");
        _dropped = meter.CreateCounter<long>("edgeauth.sessions.dropped_all", "{drop}", "Times that everything in memory was dropped, because changes were missed.");
        _propagation = meter.CreateHistogram(
            "edgeauth.sessions.propagation",
            "s",
            "From the announcement of a change on another node until it was taken in here.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 5] });
        meter.CreateObservableGauge("edgeauth.sessions.staleness", Staleness, "s", "How long ago the change log was last read with success.");
        meter.CreateObservableGauge("edgeauth.sessions.cached", () => CountCached?.Invoke() ?? 0, "{session}", "Sessions in memory.");

        // Nothing before the first read.
        IEnumerable<Measurement<double>> Staleness() => freshness.Age(time.GetTimestamp()) is { } age ? [new Measurement<double>(age.TotalSeconds)] : [];
    }

    /// <summary>Counts the sessions in memory; set by the composition once the cache is there.</summary>
    public Func<int>? CountCached { get; set; }

    /// <summary>A session was served though the change log has been silent for too long.</summary>
    public void ServedStale() => _stale.Add(1);

    /// <summary>Everything in memory was dropped.</summary>
    public void DroppedEverything() => _dropped.Add(1);

    /// <summary>A change of another node was taken in so long after it was announced.</summary>
    public void Propagated(TimeSpan after) => _propagation.Record(after.TotalSeconds);

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
