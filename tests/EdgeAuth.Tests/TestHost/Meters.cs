using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A meter factory, by default one of its own, and everything its instruments measured from now on.</summary>
internal sealed class Meters : IDisposable
{
    private readonly ServiceProvider? _services;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measured> _seen = new();

    public Meters(IMeterFactory? factory = null)
    {
        _services = factory is null ? new ServiceCollection().AddMetrics().BuildServiceProvider() : null;
        Factory = factory ?? _services!.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, Factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IMeterFactory Factory { get; }

    /// <summary>What an instrument measured since the last call, observable ones asked now: its tags as text, and the sum under them.</summary>
    public Dictionary<string, long> Read(string meter, string instrument)
    {
        _listener.RecordObservableInstruments();

        // Taken one by one: what is measured meanwhile is not lost.
        var taken = new List<Measured>();
        while (_seen.TryDequeue(out var measured))
        {
            taken.Add(measured);
        }

        return taken.Where(seen => seen.Meter == meter && seen.Instrument == instrument)
            .GroupBy(static seen => seen.Tags, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Sum(static seen => seen.Value), StringComparer.Ordinal);
    }

    /// <summary>What every instrument of the gateway measured since the last call: name and tags as text, and the sum under them.</summary>
    public Dictionary<string, long> ReadAll()
    {
        _listener.RecordObservableInstruments();
        var sums = _seen.Where(static seen => seen.Meter.StartsWith("EdgeAuth.", StringComparison.Ordinal))
            .GroupBy(static seen => $"{seen.Instrument} {seen.Tags}".TrimEnd(), StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Sum(static seen => seen.Value), StringComparer.Ordinal);
        _seen.Clear();
        return sums;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services?.Dispose();
    }

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen.Enqueue(new Measured(instrument.Meter.Name, instrument.Name, string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}")), value));

    private sealed record Measured(string Meter, string Instrument, string Tags, long Value);
}
