using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Sessions in memory: one load for all who wait, and nothing kept that changed meanwhile (design: revocation).</summary>
public sealed class SessionCacheTests : SessionsOfANode
{
    [Fact]
    public async Task Waiters_AreServedByOneLoad()
    {
        var hash = await PutKeyAsync("key");
        var hold = HoldAnswers();
        var waiting = Enumerable.Range(0, 500).Select(_ => Node.Sessions.LoadAsync(hash, None).AsTask()).ToList();

        hold.SetResult();
        var entries = await Task.WhenAll(waiting);

        Assert.Equal(1, ReadsOf(KeyRepository.IdOf(hash)));
        Assert.All(entries, entry => Assert.Same(entries[0], entry));
        Assert.Same(entries[0], Cached(hash));
        Assert.Equal(new Dictionary<string, long> { ["state=alive"] = 1 }, Node.Meters.Read("EdgeAuth.Sessions", "edgeauth.sessions.loads"));
    }

    [Fact]
    public async Task WaiterWhoGoesAway_HoldsNobodyUp()
    {
        var hash = await PutKeyAsync("key");
        var hold = HoldAnswers();
        using var cancel = new CancellationTokenSource();
        var first = Node.Sessions.LoadAsync(hash, cancel.Token).AsTask();
        var second = Node.Sessions.LoadAsync(hash, None).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        hold.SetResult();

        Assert.Equal(SessionState.Alive, (await second).State);
        Assert.Equal(1, ReadsOf(KeyRepository.IdOf(hash)));
    }

    [Fact]
    public async Task FailedLoad_FailsThoseWhoWait_AndIsNotKept()
    {
        var hash = await PutKeyAsync("key");
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Records.BeforeRead = _ => hold.Task;
        var waiting = Enumerable.Range(0, 3).Select(_ => Node.Sessions.LoadAsync(hash, None).AsTask()).ToList();

        hold.SetException(new StoreUnavailableException("gone"));
        foreach (var waiter in waiting)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => waiter);
        }

        Assert.Null(Cached(hash));
        Records.BeforeRead = static _ => Task.CompletedTask;
        Assert.Equal(SessionState.Alive, (await FindAsync(hash)).State);
        Assert.Equal(2, ReadsOf(KeyRepository.IdOf(hash)));
    }

    [Fact]
    public async Task UnknownCredential_IsBelievedForASecondAtMost()
    {
        var hash = KeyHash.Of("later");
        Assert.Equal(SessionState.Unknown, (await FindAsync(hash)).State);
        await PutKeyAsync("later");

        Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(SessionState.Unknown, (await FindAsync(hash)).State);
        Assert.Equal(1, ReadsOf(KeyRepository.IdOf(hash)));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(SessionState.Alive, (await FindAsync(hash)).State);
        Assert.NotNull(Cached(hash));
    }

    [Fact]
    public async Task UnknownCredentials_AreBounded_AndPushNoSessionOut()
    {
        var known = await PutKeyAsync("known");
        await FindAsync(known);
        var unknown = Enumerable.Range(0, UnknownCacheSize * 5).Select(static number => KeyHash.Of("guess" + number)).ToList();
        foreach (var hash in unknown)
        {
            await FindAsync(hash);
        }

        Assert.InRange(unknown.Count(hash => Cached(hash) is not null), UnknownCacheSize / 2, UnknownCacheSize + 2);
        Assert.NotNull(Cached(known));
    }

    [Fact]
    public async Task Sessions_AreBounded_AndTheOnesInUseStay()
    {
        var used = await PutKeyAsync("used");
        var hashes = new List<KeyHash>();
        for (var i = 0; i < CacheSize * 3; i++)
        {
            hashes.Add(await PutKeyAsync("key" + i));
            await FindAsync(hashes[^1]);
            await FindAsync(used);
        }

        Assert.Equal(1, ReadsOf(KeyRepository.IdOf(used)));
        Assert.InRange(hashes.Count(hash => Cached(hash) is not null), CacheSize / 2 - 1, CacheSize + 2);
        Assert.True(Node.Sessions.Count <= CacheSize + 2);
    }

    [Fact]
    public async Task ChangedKey_IsReadAgain_AndAnotherIsNot()
    {
        var (changed, other) = (await PutKeyAsync("changed", "old"), await PutKeyAsync("other"));
        await FindAsync(changed);
        await FindAsync(other);

        await PutKeyAsync("changed", "newer");
        await Node.Invalidations.PublishKeyAsync(changed, None);

        Assert.Null(Cached(changed));
        Assert.NotNull(Cached(other));
        Assert.Equal("newer".Length, (await FindAsync(changed)).Rules!.Rules.Rate);
    }

    // What a request under way holds is not served to the next one.
    [Fact]
    public async Task DroppedEntry_KnowsThatItWasDropped()
    {
        var hash = await PutKeyAsync("key");
        var held = await FindAsync(hash);

        await Node.Invalidations.PublishKeyAsync(hash, None);

        Assert.True(held.IsDropped);
    }

    [Fact]
    public async Task Load_IsRepeated_WhenARecordThatItReadChangedMeanwhile()
    {
        var hash = await PutKeyAsync("key", "old");
        var hold = HoldAnswers();
        var loading = Node.Sessions.LoadAsync(hash, None).AsTask();
        await PutKeyAsync("key", "newer");

        await Node.Invalidations.PublishKeyAsync(hash, None);
        hold.SetResult();

        Assert.Equal("newer".Length, (await loading).Rules!.Rules.Rate);
        Assert.Equal(2, ReadsOf(KeyRepository.IdOf(hash)));
        Assert.Equal("newer".Length, Cached(hash)!.Rules!.Rules.Rate);
    }

    [Fact]
    public async Task Load_IsNotRepeated_WhenAnotherRecordChanged()
    {
        var hash = await PutKeyAsync("key");
        var hold = HoldAnswers();
        var loading = Node.Sessions.LoadAsync(hash, None).AsTask();

        await Node.Invalidations.PublishKeyAsync(KeyHash.Of("other"), None);
        await Node.Invalidations.PublishClientsAsync([("orders", "app")], None);
        hold.SetResult();
        await loading;

        Assert.Equal(1, ReadsOf(KeyRepository.IdOf(hash)));
        Assert.NotNull(Cached(hash));
    }

    [Fact]
    public async Task Load_IsRepeated_WhenAnythingMayHaveChangedMeanwhile()
    {
        var hash = await PutKeyAsync("key", "old");
        var hold = HoldAnswers();
        var loading = Node.Sessions.LoadAsync(hash, None).AsTask();
        await PutKeyAsync("key", "newer");

        Node.Invalidations.ApplyEverything();
        hold.SetResult();

        Assert.Equal("newer".Length, (await loading).Rules!.Rules.Rate);
        Assert.NotNull(Cached(hash));
    }

    [Fact]
    public async Task EverySession_IsForgotten_WhenAnythingMayHaveChanged()
    {
        var hash = await PutKeyAsync("key");
        await FindAsync(hash);
        await FindAsync(KeyHash.Of("unknown"));

        Node.Invalidations.ApplyEverything();

        Assert.Null(Cached(hash));
        Assert.Null(Cached(KeyHash.Of("unknown")));
        Assert.Equal(0, Node.Sessions.Count);
    }

    [Fact]
    public async Task Session_IsReadAnew_WhenTheLogWasNotHeardForTooLong()
    {
        var hash = await PutKeyAsync("key");
        await FindAsync(hash);

        Time.Advance(TimeSpan.FromMilliseconds(899));
        Assert.NotNull(Cached(hash));
        Time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Null(Cached(hash));

        Assert.Equal(SessionState.Alive, (await FindAsync(hash)).State);
        Assert.NotNull(Cached(hash));
    }

    [Fact]
    public async Task Session_IsServedForAsLongAsTheLogIsHeard()
    {
        var hash = await PutKeyAsync("key");
        await FindAsync(hash);
        for (var i = 0; i < 50; i++)
        {
            Time.Advance(ChangeFeed.Interval);
            await Node.Feed.ReadOnceAsync(None);
        }

        Assert.NotNull(Cached(hash));
        Assert.Equal(1, ReadsOf(KeyRepository.IdOf(hash)));
    }

    [Fact]
    public async Task Session_IsNotServedBeyondItsStorage()
    {
        var hash = await PutKeyAsync("key", storedUntil: Time.GetUtcNow().AddSeconds(10));
        await FindAsync(hash);

        Time.StepWallClock(TimeSpan.FromSeconds(9.9));
        Assert.NotNull(Cached(hash));
        Time.StepWallClock(TimeSpan.FromSeconds(0.1));
        Assert.Null(Cached(hash));
        Assert.Equal(SessionState.Unknown, (await FindAsync(hash)).State);
    }

    [Fact]
    public async Task KeyThatWasDeleted_IsUnknownAtOnce()
    {
        var hash = await PutKeyAsync("key");
        await FindAsync(hash);

        await Node.Keys.DeleteAsync(hash, None);
        await Node.Invalidations.PublishKeyAsync(hash, None);

        Assert.Equal(SessionState.Unknown, (await FindAsync(hash)).State);
    }
}
