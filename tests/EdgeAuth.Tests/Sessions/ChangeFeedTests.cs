using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>What a node does with what it reads of the change log (design: revocation).</summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KeyHash One = KeyHash.Of("one");
    private static readonly KeyHash Two = KeyHash.Of("two");
    private readonly FakeTime _time = new();
    private readonly ScriptedChangeLog _log = new();
    private readonly List<ChangesEventArgs> _applied = [];
    private Func<Task> _closeAsync = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        (var store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _node = Node.Over(store.Records, store.Ledger, _log, _time);
        await _node.Keys.PutAsync(One, new StoredKey { Session = new Session() }, null, version: null, None);
        await _node.Keys.PutAsync(Two, new StoredKey { Session = new Session() }, null, version: null, None);
        _node.Invalidations.Applied += (_, changes) => _applied.Add(changes);

        // A node begins at the log's end, whatever is in it.
        await ReadAsync(new ChangePage("epoch", 5, 10, []));
        _applied.Clear();
        await CacheAsync();
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return _closeAsync();
    }

    [Fact]
    public async Task Changes_AreTakenIn_AndTheRestStays()
    {
        await ReadAsync(new ChangePage("epoch", 5, 11, [KeyRepository.IdOf(One)]));

        Assert.Equal((false, true), (IsCached(One), IsCached(Two)));
        Assert.Equal(10, _log.After);
        Assert.Equal(KeyRepository.IdOf(One), Assert.Single(Assert.Single(_applied).Changed));

        await ReadAsync(new ChangePage("epoch", 5, 11, []));
        Assert.Equal(11, _log.After);
        Assert.Single(_applied);
    }

    [Theory]
    [InlineData("epoch", 11, 10, true)]
    [InlineData("epoch", 11, 12, true)]
    [InlineData("epoch", 12, 12, false)]
    [InlineData("epoch", 5, 9, false)]
    [InlineData("epoch", 1, 0, false)]
    [InlineData("another", 5, 10, false)]
    [InlineData("another", 5, 12, false)]
    [InlineData("EPOCH", 5, 10, false)]
    public async Task Everything_IsDropped_WhenChangesWereMissed(string epoch, long first, long last, bool kept)
    {
        await ReadAsync(new ChangePage(epoch, first, last, []));

        Assert.Equal((kept, kept), (IsCached(One), IsCached(Two)));
        Assert.Equal(kept ? 0 : 1, _applied.Count(static changes => changes.IsEverything));

        // From here on it goes on where the log stands now.
        await CacheAsync();
        await ReadAsync(new ChangePage(epoch, first, last + 1, [KeyRepository.IdOf(Two)]));
        Assert.Equal(last, _log.After);
        Assert.Equal((true, false), (IsCached(One), IsCached(Two)));
    }

    [Fact]
    public async Task LogThatCannotBeRead_LeavesThePositionAndTheCache_UntilItIsTooOld()
    {
        _log.Next = null;
        _time.Advance(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _node.Feed.ReadOnceAsync(None));
        Assert.True(IsCached(One));
        _time.Advance(TimeSpan.FromMilliseconds(401));
        Assert.False(IsCached(One));

        // Nothing was missed after all, but that was not known.
        await ReadAsync(new ChangePage("epoch", 5, 10, []));
        Assert.Equal(10, _log.After);
        Assert.True(IsCached(One));
    }

    // What counts is when the read was sent: its answer says nothing of what was appended after that.
    [Fact]
    public async Task SlowAnswer_KeepsTheCacheFreshFromItsSendingOnly()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.Before = () => hold.Task;
        _time.Advance(TimeSpan.FromMilliseconds(500));
        var reading = ReadAsync(_log.Next!);

        _time.Advance(TimeSpan.FromMilliseconds(899));
        hold.SetResult();
        await reading;
        Assert.True(IsCached(One));
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.False(IsCached(One));
    }

    [Fact]
    public async Task Log_IsReadEvery300Milliseconds_AlsoAfterFailures()
    {
        var before = _log.Reads;
        await _node.Feed.StartAsync(None);
        await Eventually.HoldsAsync(() => _log.Reads == before + 1);
        for (var i = 2; i < 12; i++)
        {
            _log.Next = i % 3 == 0 ? null : new ChangePage("epoch", 5, 10, []);
            _time.Advance(TimeSpan.FromMilliseconds(299));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            var expected = before + i;
            await Eventually.HoldsAsync(() => _log.Reads == expected);
        }

        await _node.Feed.StopAsync(None);
    }

    // The node that revokes takes its own change in, also when the others cannot be told.
    [Fact]
    public async Task OwnChange_IsTakenIn_WhenTheLogRefusesIt()
    {
        _log.Refuses = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _node.Invalidations.PublishKeyAsync(One, None).AsTask());

        Assert.Equal((false, true), (IsCached(One), IsCached(Two)));
    }

    private async Task ReadAsync(ChangePage page)
    {
        _log.Next = page;
        await _node.Feed.ReadOnceAsync(None);
    }

    private async Task CacheAsync()
    {
        await _node.Sessions.LoadAsync(One, None);
        await _node.Sessions.LoadAsync(Two, None);
        Assert.Equal((true, true), (IsCached(One), IsCached(Two)));
    }

    private bool IsCached(KeyHash hash) => _node.Sessions.TryGet(hash, _time.GetTimestamp(), _time.GetUtcNow()) is not null;
}
