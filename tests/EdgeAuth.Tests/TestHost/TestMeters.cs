using System.Diagnostics.Metrics;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Makes meters for parts that are tested by themselves.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(static meter => meter.Dispose());
}
