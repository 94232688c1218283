using System.Diagnostics.Metrics;

namespace EdgeAuth.Storage.Redis;

/// <summary>What this node asks Redis, and whether it answers.</summary>
internal sealed class RedisMetrics
{
    public const string MeterName = "EdgeAuth.Storage";

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _durations;

    public RedisMetrics(IMeterFactory meters, StoreOutage outage)
    {
        var meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("edgeauth.storage.redis.calls", "{call}", "Calls to Redis, by outcome.");
        _durations = meter.CreateHistogram(
            "edgeauth.storage.redis.duration",
            "s",
            "How long Redis took to answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] });
        meter.CreateObservableGauge("edgeauth.storage.outage", () => (int)outage.State, "{state}", "0: the store is up; 1: it refuses writes; 2: it is down.");
    }

    /// <summary>True where somebody listens, so that a call need not be timed otherwise.</summary>
    public bool Timed => _durations.Enabled;

    public void Answered(TimeSpan? duration)
    {
        _calls.Add(1, new KeyValuePair<string, object?>("outcome", "answered"));
        if (duration is { } measured)
        {
            _durations.Record(measured.TotalSeconds);
        }
    }

    public void Failed(RedisFaultKind kind) => _calls.Add(1, new KeyValuePair<string, object?>("outcome", kind switch
    {
        RedisFaultKind.Timeout => "timeout",
        RedisFaultKind.WriteRefused => "write_refused",
        RedisFaultKind.Answer => "error",
        _ => "no_connection",
    }));

    /// <summary>A call that was not made because the store is known not to answer it.</summary>
    public void Spared() => _calls.Add(1, new KeyValuePair<string, object?>("outcome", "spared"));
}
