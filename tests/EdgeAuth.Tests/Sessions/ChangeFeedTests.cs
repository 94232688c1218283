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

    // A failover that lost acknowledged writes: whoever sees it first tells the others, which would see nothing once the log has grown again.
    [Theory]
    [InlineData(5, 9)]
    [InlineData(1, 0)]
    public async Task LogThatSteppedBack_IsGivenAnotherEpoch_AndEverythingIsDropped(long first, long last)
    {
        await ReadAsync(new ChangePage("epoch", first, last, []));

        Assert.Equal(["epoch"], _log.Ended);
        Assert.Equal((false, false), (IsCached(One), IsCached(Two)));

        // What was loaded before the new epoch is seen may be of what was lost.
        await CacheAsync();
        await ReadAsync(new ChangePage("another", first, last, []));
        Assert.Equal((false, false), (IsCached(One), IsCached(Two)));
        await CacheAsync();
        await ReadAsync(new ChangePage("another", first, last + 1, [KeyRepository.IdOf(Two)]));
        Assert.Equal((last, true, false), (_log.After, IsCached(One), IsCached(Two)));
        Assert.Single(_log.Ended);
    }

    [Fact]
    public async Task LogThatSteppedBack_IsReportedUntilItsEpochCanBeEnded()
    {
        _log.Refuses = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(new ChangePage("epoch", 1, 3, [])));
        Assert.Equal((false, false), (IsCached(One), IsCached(Two)));

        _log.Refuses = false;
        await ReadAsync(new ChangePage("epoch", 1, 4, []));

        Assert.Equal((10, "epoch"), (_log.After, Assert.Single(_log.Ended)));
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

    [Fact]
    public async Task Hint_BringsAReadForward_ButNoHasteBringsManyMore()
    {
        var before = _log.Reads;
        await _node.Feed.StartAsync(None);
        await Eventually.HoldsAsync(() => _log.Reads == before + 1);
        _time.Advance(ChangeFeed.LeastGap);

        _log.Hint();
        await Eventually.HoldsAsync(() => _log.Reads == before + 2);

        // These come too early: one read follows for all of them, once the gap is over.
        for (var i = 0; i < 100; i++)
        {
            _log.Hint();
        }

        await Eventually.HoldsAsync(() => _time.HasTimerIn(ChangeFeed.LeastGap));
        Assert.Equal(before + 2, _log.Reads);
        _time.Advance(ChangeFeed.LeastGap);
        await Eventually.HoldsAsync(() => _log.Reads == before + 3);
        await _node.Feed.StopAsync(None);
    }

    [Fact]
    public async Task Hints_NeverBringTwoReadsAtOnce()
    {
        var (running, most) = (0, 0);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.Before = async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await hold.Task;
            Interlocked.Decrement(ref running);
        };
        var before = _log.Reads;
        await _node.Feed.StartAsync(None);
        await Eventually.HoldsAsync(() => _log.Reads == before + 1);

        for (var i = 0; i < 10; i++)
        {
            _log.Hint();
            _time.Advance(ChangeFeed.Interval);
        }

        hold.SetResult();
        await Eventually.HoldsAsync(() => _log.Reads == before + 2);
        Assert.Equal(1, most);
        await _node.Feed.StopAsync(None);
    }

    // A reader that has stopped would serve what was revoked elsewhere.
    [Theory]
    [InlineData(typeof(StoreUnavailableException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(TimeoutException))]
    public async Task Reading_GoesOn_WhateverFails(Type error)
    {
        _log.Before = () => throw (Exception)Activator.CreateInstance(error)!;
        var before = _log.Reads;
        await _node.Feed.StartAsync(None);
        await Eventually.HoldsAsync(() => _log.Reads == before + 1);

        _log.Next = new ChangePage("epoch", 5, 11, [KeyRepository.IdOf(One)]);
        _log.Before = static () => Task.CompletedTask;
        _time.Advance(ChangeFeed.Interval);

        await Eventually.HoldsAsync(() => !IsCached(One));
        await _node.Feed.StopAsync(None);
    }

    [Fact]
    public async Task ChangeThatCouldNotBeTakenIn_IsReadAgain()
    {
        var failing = true;
        _node.Invalidations.Applied += (_, _) => _ = failing ? throw new InvalidOperationException("not now") : 0;
        var page = new ChangePage("epoch", 5, 11, [KeyRepository.IdOf(One)]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(page));

        failing = false;
        await ReadAsync(page);

        Assert.Equal(10, _log.After);
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
