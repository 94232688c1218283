using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EdgeAuth.Tests.Secrecy;

/// <summary>Hears every meter and every activity of this process, and keeps what they say.</summary>
internal sealed class Witness : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public Witness()
    {
        _meters.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Hear(instrument, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>Instruments and their tags.</summary>
    public ConcurrentDictionary<string, byte> Measurements { get; } = new(StringComparer.Ordinal);

    /// <summary>Activities with their tags, events and baggage.</summary>
    public ConcurrentQueue<string> Traces { get; } = new();

    public void Observe() => _meters.RecordObservableInstruments();

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Measurements.TryAdd($"{instrument.Meter.Name}/{instrument.Name} {Text(tags.ToArray())}", 0);

    private void Hear(Activity activity) => Traces.Enqueue(string.Join(
        ' ',
        activity.Source.Name,
        activity.OperationName,
        activity.DisplayName,
        activity.StatusDescription,
        activity.TraceStateString,
        Text(activity.TagObjects),
        Text(activity.Baggage.Select(static pair => KeyValuePair.Create(pair.Key, (object?)pair.Value))),
        string.Join(' ', activity.Events.Select(static happened => happened.Name + " " + Text(happened.Tags)))));

    private static string Text(IEnumerable<KeyValuePair<string, object?>> pairs) => string.Join(' ', pairs.Select(static pair => $"{pair.Key}={pair.Value}"));
}
