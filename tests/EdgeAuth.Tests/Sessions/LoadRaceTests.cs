using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Loads of sessions and clients that meet each other, or a revocation.</summary>
public sealed class LoadRaceTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly KeyHash Key = KeyHash.Of("key");
    private static readonly RecordId KeyId = KeyRepository.IdOf(Key);
    private readonly FakeTime _time = new();
    private SqliteStore _store = null!;
    private Func<Task> _closeAsync = null!;
    private GatedStore _gated = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _gated = new GatedStore(_store.Records);
        _node = Node.Over(_gated, _store.Ledger, new InProcessChangeLog(), _time);
        await _node.Keys.PutAsync(Key, new StoredKey { Session = new Session() }, storedUntil: null, version: null, None);
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return _closeAsync();
    }

    // The load is counted after its entry was published and before its flight lands: there the key is revoked and asked for again.
    [Fact]
    public async Task RevokedKey_IsUnknown_ToARequestAfterTheRevocation_WhileALoadFromBeforeStillLands()
    {
        Task<SessionEntry>? late = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Name == "edgeauth.sessions.loads" && ReferenceEquals(instrument.Meter.Scope, _node.Meters.Factory))
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (late is null)
            {
                late = Task.FromException<SessionEntry>(new InvalidOperationException("not asked"));
                _store.Records.DeleteAsync(KeyId, version: null, None).AsTask().GetAwaiter().GetResult();
                _node.Invalidations.Apply([KeyId]);
                late = _node.Sessions.LoadAsync(Key, None).AsTask();
            }
        });
        listener.Start();

        var early = await _node.Sessions.LoadAsync(Key, None);

        Assert.Equal(SessionState.Alive, early.State);
        Assert.True(early.IsDropped);
        Assert.Equal(SessionState.Unknown, (await late!).State);
    }

    [Fact]
    public async Task RevokedKey_IsUnknown_WhenItsLoadReadItBefore()
    {
        var (reading, hold) = (NewSignal(), NewSignal());
        var reads = 0;
        _gated.AfterRead = async _ =>
        {
            if (++reads == 1)
            {
                reading.SetResult();
                await hold.Task;
            }
        };
        var early = _node.Sessions.LoadAsync(Key, None);
        await reading.Task;

        await _store.Records.DeleteAsync(KeyId, version: null, None);
        _node.Invalidations.Apply([KeyId]);
        var late = _node.Sessions.LoadAsync(Key, None);
        hold.SetResult();

        Assert.Equal(SessionState.Unknown, (await late).State);
        Assert.Equal(SessionState.Unknown, (await early).State);
        Assert.Equal(2, reads);
    }

    // The embedded store answers on the reader's own thread: nobody else may be held up meanwhile.
    [Fact]
    public async Task ColdKey_IsReadOnce_AndBlocksNobodyElse()
    {
        var reads = await ReadWhileOthersAskAsync(async () => await _node.Sessions.LoadAsync(Key, None));

        Assert.Equal(1, reads);
        Assert.Equal(1, _node.Sessions.Count);
    }

    [Fact]
    public async Task ColdClient_IsReadOnce_AndBlocksNobodyElse()
    {
        var stamps = new ConcurrentBag<ClientStamp>();

        var reads = await ReadWhileOthersAskAsync(async () => stamps.Add(await _node.Clients.LoadAsync("realm", "client", None)));

        Assert.Equal(1, reads);
        Assert.Single(stamps.Distinct());
    }

    [Fact]
    public async Task ClientThatChangedMeanwhile_IsReadAgain()
    {
        var id = ClientRecordId.Of("realm", "client");
        var reads = 0;
        _gated.BeforeRead = read =>
        {
            if (++reads == 1)
            {
                _node.Invalidations.Apply([id]);
            }

            return Task.CompletedTask;
        };

        await _node.Clients.LoadAsync("realm", "client", None);
        await _node.Clients.LoadAsync("realm", "client", None);

        Assert.Equal(3, reads);
    }

    // One reader is stuck in the store; then others ask, each on a thread of its own, and must get a task to wait for at once.
    private async Task<int> ReadWhileOthersAskAsync(Func<Task> askAsync)
    {
        var (reads, stuck) = (0, NewSignal());
        using var release = new ManualResetEventSlim();
        _gated.BeforeRead = _ =>
        {
            Interlocked.Increment(ref reads);
            stuck.TrySetResult();
            Assert.True(release.Wait(2 * Patience));
            return Task.CompletedTask;
        };
        var first = Task.Factory.StartNew(askAsync, None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        await stuck.Task.WaitAsync(Patience);
        var others = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(askAsync, None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();

        try
        {
            var waiting = await Task.WhenAll(others).WaitAsync(Patience);
            Assert.All(waiting, static task => Assert.False(task.IsCompleted));
        }
        finally
        {
            release.Set();
        }

        await first;
        await Task.WhenAll(others.Select(static other => other.Unwrap()));
        return reads;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
