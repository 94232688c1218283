using EdgeAuth.Storage;
using EdgeAuth.Storage.Redis;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>A log that lost what readers have read shows it, also where others have written in its place.</summary>
public sealed class RedisChangeLogLossTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private Func<Task> _closeAsync = null!;
    private RedisStore _store = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await RedisStore.OpenAsync(TimeProvider.System, static store => store);
        await AppendAsync("a");
        await AppendAsync("b");
    }

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task LastEntryLost_ShowsALowerPosition()
    {
        var before = await _store.Log.ReadAsync(0, None);
        await LoseLastAsync();

        var page = await _store.Log.ReadAsync(before.Last, None);

        Assert.Equal((before.Epoch, 1L), (page.Epoch, page.Last));
    }

    [Fact]
    public async Task LastEntryLostAndReplaced_ShowsAnotherEpoch_ToEveryReader()
    {
        var before = await _store.Log.ReadAsync(0, None);
        await LoseLastAsync();
        await AppendAsync("c");
        await AppendAsync("d");

        var page = await _store.Log.ReadAsync(before.Last, None);

        Assert.NotEqual(before.Epoch, page.Epoch);
        Assert.Equal(page.Epoch, (await _store.Log.ReadAsync(0, None)).Epoch);
        Assert.Equal(page.Epoch, (await _store.Log.ReadAsync(page.Last, None)).Epoch);
    }

    [Fact]
    public async Task NothingLost_KeepsTheEpoch_ThroughManyReads()
    {
        var epoch = (await _store.Log.ReadAsync(0, None)).Epoch;
        var position = 0L;
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync([.. Enumerable.Range(0, i % 3).Select(n => $"{i}.{n}")]);
            var page = await _store.Log.ReadAsync(position, None);
            Assert.Equal(epoch, page.Epoch);
            position = page.Last;
        }
    }

    [Fact]
    public async Task Everything_Lost_ShowsAnotherEpoch()
    {
        var before = await _store.Log.ReadAsync(0, None);
        await _store.Link.RunAsync(RedisUse.Write, async database => await database.KeyDeleteAsync([_store.Link.Keys.Shared("log", ":s"), _store.Link.Keys.Shared("log", ":l")]), None);

        var page = await _store.Log.ReadAsync(before.Last, None);

        Assert.NotEqual(before.Epoch, page.Epoch);
        Assert.Equal(0, page.Last);
    }

    [Fact]
    public async Task Epoch_IsRaisedOnce_HoweverManySawTheLoss()
    {
        var seen = (await _store.Log.ReadAsync(0, None)).Epoch;

        await _store.Log.RaiseEpochAsync(seen, None);
        var raised = (await _store.Log.ReadAsync(0, None)).Epoch;
        await _store.Log.RaiseEpochAsync(seen, None);

        Assert.NotEqual(seen, raised);
        Assert.Equal(raised, (await _store.Log.ReadAsync(0, None)).Epoch);
    }

    [Fact]
    public async Task Append_IsHeard_ByWhoeverListens()
    {
        await using var other = new RedisStore(_store.Settings, TimeProvider.System);
        var heard = new TaskCompletionSource();
        other.Log.Appended += (_, _) => heard.TrySetResult();

        // The subscription may not stand yet.
        await Eventually.HoldsAsync(async () =>
        {
            await AppendAsync("news");
            return heard.Task.IsCompleted;
        });
    }

    private async Task AppendAsync(params string[] ids) => await _store.Log.AppendAsync([.. ids.Select(static id => new RecordId(RecordKind.Key, id))], None);

    // As a failover to a replica that was behind does.
    private async Task LoseLastAsync() => await _store.Link.RunAsync(
        RedisUse.Write,
        async database =>
        {
            await database.ListRightPopAsync(_store.Link.Keys.Shared("log", ":l"));
            return await database.HashDecrementAsync(_store.Link.Keys.Shared("log", ":s"), "n");
        },
        None);
}
