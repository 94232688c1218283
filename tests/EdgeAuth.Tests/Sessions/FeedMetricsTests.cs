using System.Diagnostics.Metrics;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>How fresh a node is, as its metrics tell.</summary>
public sealed class FeedMetricsTests : IAsyncLifetime, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTime _time = new();
    private readonly ScriptedChangeLog _log = new();
    private readonly List<(string Name, double Value)> _measured = [];
    private readonly MeterListener _listener = new();
    private Func<Task> _closeAsync = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        (var store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _node = Node.Over(store.Records, store.Ledger, _log, _time);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _node.Meters.Factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _measured.Add((instrument.Name, value)));
        _listener.Start();
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return _closeAsync();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Staleness_IsTheAgeOfTheLastSuccessfulRead()
    {
        Assert.Empty(Read("edgeauth.sessions.staleness"));
        await _node.Feed.ReadOnceAsync(None);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(0.25, Assert.Single(Read("edgeauth.sessions.staleness")), 3);

        _log.Next = null;
        _time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _node.Feed.ReadOnceAsync(None));
        Assert.Equal(3.25, Assert.Single(Read("edgeauth.sessions.staleness")), 3);
    }

    // What the clocks of two nodes say does not come into it: the log tells how old a change is, and the time of the read is added.
    [Fact]
    public async Task Propagation_IsTheAgeOfAChangeOfAnotherNode_WhenItIsTakenIn()
    {
        await _node.Feed.ReadOnceAsync(None);
        RecordId one = new(RecordKind.Grant, "one");
        _log.Before = () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            return Task.CompletedTask;
        };
        _log.Next = new ChangePage("epoch", 1, 2, [one, new(RecordKind.Reload, "")]) { Ages = [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(30)] };
        await _node.Feed.ReadOnceAsync(None);
        Assert.Equal([0.22, 0.05], Read("edgeauth.sessions.propagation").Select(static seconds => Math.Round(seconds, 3)));

        _log.Next = new ChangePage("epoch", 1, 3, [one]);
        await _node.Feed.ReadOnceAsync(None);
        Assert.Empty(Read("edgeauth.sessions.propagation"));
    }

    [Fact]
    public async Task DroppingEverything_IsCounted_ButNotTheFirstReading()
    {
        await _node.Feed.ReadOnceAsync(None);
        _log.Next = new ChangePage("another", 1, 5, []);
        await _node.Feed.ReadOnceAsync(None);
        _log.Next = new ChangePage("another", 1, 4, []);
        await _node.Feed.ReadOnceAsync(None);

        Assert.Equal(2, _node.Meters.Read("EdgeAuth.Sessions", "edgeauth.sessions.dropped_all")[""]);
    }

    private List<double> Read(string instrument)
    {
        _listener.RecordObservableInstruments();
        var values = _measured.Where(measured => measured.Name == instrument).Select(static measured => measured.Value).ToList();
        _measured.Clear();
        return values;
    }
}
