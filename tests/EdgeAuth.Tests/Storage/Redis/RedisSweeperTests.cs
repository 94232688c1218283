using EdgeAuth.Storage;
using EdgeAuth.Storage.Redis;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>
/// What has expired goes, and so does what a gateway left that died in the middle of a change. Each such death is played by doing the first steps
/// of a change and no more.
/// </summary>
public sealed class RedisSweeperTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    // The locks of who dies, so that they end soon.
    private static readonly TimeSpan MortalLife = TimeSpan.FromSeconds(1);
    private readonly FakeTime _time = new();
    private Func<Task> _closeAsync = null!;
    private RedisStore _store = null!;
    private RedisRecordLocks _mortal = null!;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await RedisStore.OpenAsync(_time, static store => store);
        _mortal = new RedisRecordLocks(_store.Link) { Fence = MortalLife, Life = MortalLife };
    }

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task Sweep_RemovesWhatHasExpired_AndNothingElse()
    {
        await PutAsync(Write("gone", TimeSpan.FromSeconds(10), "all"));
        await PutAsync(Write("soon", TimeSpan.FromSeconds(11), "all"));
        await PutAsync(Write("kept", null, "all"));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(1, await SweepAsync());

        Assert.Equal(2, (await _store.KeysAsync("*:r1")).Count);
        Assert.Equal(["kept", "soon"], await EntriesAsync("all"));
        Assert.Equal(0, await SweepAsync());
    }

    [Fact]
    public async Task Sweep_RemovesEverything_WhenThereIsMoreThanOneBite()
    {
        Assert.True(await _store.Records.PutAllAsync([.. Enumerable.Range(0, 603).Select(i => Write($"{i}", TimeSpan.FromSeconds(1), "all"))], None));
        Assert.Equal(603, (await _store.Records.ListAsync(RecordKind.Key, "all", 0, 1, None)).Total);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(603, await SweepAsync());
        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task Nothing_IsLeft_WhenRecordsComeAndGo()
    {
        await PutAsync(Write("a", TimeSpan.FromSeconds(10), "left", "all"));
        await PutAsync(Write("a", TimeSpan.FromSeconds(20), "right", "all"));
        await PutAsync(Write("a", null, "right"));
        await PutAsync(Write("b", TimeSpan.FromSeconds(5)));
        await PutAsync(Write("b", null));
        await _store.Records.TakeAsync(Write("a", null).Id, None);
        await _store.Records.DeleteAsync(Write("b", null).Id, version: null, None);

        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task RecordWithoutEntries_ExpiresByRedisItself()
    {
        await PutAsync(new RecordWrite(new RecordId(RecordKind.Code, "code"), new byte[] { 1 }) { Expires = _time.GetUtcNow() + TimeSpan.FromSeconds(30) });
        var left = long.Parse(await CliAsync("PTTL", Assert.Single(await _store.KeysAsync("*:r4"))), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(left, 30_000, 90_000);

        await PutAsync(new RecordWrite(new RecordId(RecordKind.Code, "code"), new byte[] { 1 }));
        Assert.Equal("-1", await CliAsync("PTTL", Assert.Single(await _store.KeysAsync("*:r4"))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task CreationCutShort_LeavesNothing(int steps)
    {
        var put = new RedisPut(Write("a", null, "all", "more"), "", Now);
        await StepsAsync(put, steps);
        Assert.Null(await _store.Records.GetAsync(put.Id, None));

        await SweepUntilDoneAsync();

        await ShouldBeEmptyAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task ChangeCutShort_IsUndoneOrDone(int steps)
    {
        await PutAsync(Write("a", TimeSpan.FromMinutes(5), "kept", "old") with { Payload = new byte[] { 1 } });
        var put = new RedisPut(Write("a", TimeSpan.FromMinutes(9), "kept", "new") with { Payload = new byte[] { 2 } }, "", Now);
        await StepsAsync(put, steps);
        var isDone = steps >= 4;
        Assert.Equal([isDone ? (byte)2 : (byte)1], (await _store.Records.GetAsync(put.Id, None))!.Payload.ToArray());

        await SweepUntilDoneAsync();

        Assert.Equal(["a"], await EntriesAsync("kept"));
        Assert.Equal(isDone ? [] : ["a"], await EntriesAsync("old"));
        Assert.Equal(isDone ? ["a"] : [], await EntriesAsync("new"));

        // It expires when it should, with all that belongs to it.
        _time.Advance(TimeSpan.FromMinutes(isDone ? 9 : 5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await SweepAsync());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await SweepAsync());
        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task ScoreChangeCutShort_IsUndone()
    {
        await PutAsync(Write("a", null) with { Index = [new IndexEntry("all", 1)] });
        var put = new RedisPut(Write("a", null) with { Index = [new IndexEntry("all", 2)] }, "", Now);
        await StepsAsync(put, 3);
        Assert.Equal(1, (await _store.Records.ListAsync(RecordKind.Key, "all", 0, 10, None)).Total);

        await SweepUntilDoneAsync();

        Assert.Equal([new IndexPage.Item("a", 1)], (await _store.Records.ListAsync(RecordKind.Key, "all", 0, 10, None)).Items);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RemovalCutShort_IsDone(bool entriesAreGone)
    {
        await PutAsync(Write("a", null, "all"));
        await _store.Agenda.MarkAsync(Write("a", null).Id);
        var removal = await _mortal.RemoveAsync(Write("a", null).Id, "", whateverIsLeft: false, Now);
        if (entriesAreGone)
        {
            await _store.Indexes.ChangeAsync(removal.Lock!.Id, [], removal.Lock.Entries, removal.Lock.Fence);
        }

        Assert.Null(await _store.Records.GetAsync(Write("a", null).Id, None));

        await SweepUntilDoneAsync();

        await ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task WriterAfterADeadOne_WaitsForItsLock_AndLeavesNothingOfIt()
    {
        var dead = new RedisPut(Write("a", null, "all", "dead"), "", Now);
        await StepsAsync(dead, 3);

        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return await _store.Records.PutAsync(Write("a", null, "all"), PutCondition.Absent, None) is not null;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });

        Assert.Equal(["a"], await EntriesAsync("all"));
        Assert.Empty(await EntriesAsync("dead"));
        Assert.False(await _store.Locks.WriteAsync(dead, release: true, Now));
    }

    // A gateway that was frozen must not change entries under the lock of another.
    [Fact]
    public async Task LateWriter_ChangesNothing()
    {
        var late = new RedisPut(Write("a", null, "late"), "", Now);
        await StepsAsync(late, 2);
        await Task.Delay(MortalLife + TimeSpan.FromMilliseconds(10));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Indexes.ChangeAsync(late.Id, late.Entries, [], late.Lock!.Fence));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Agenda.ExpireAsync(late.Id, 1, late.Lock!.Fence));

        Assert.Empty(await EntriesAsync("late"));
    }

    [Fact]
    public async Task ExpiredRecords_AreGone_WithinTheInterval()
    {
        await PutAsync(Write("a", TimeSpan.FromSeconds(1), "all"));
        await PutAsync(Write("b", TimeSpan.FromMinutes(2), "all"));
        await _store.Sweeper.StartAsync(None);
        await Eventually.HoldsAsync(() => _time.Timers == 1);

        _time.Advance(RedisSweeper.Interval);
        await Eventually.HoldsAsync(async () => (await _store.KeysAsync("*:r1")).Count == 1);
        await _store.Sweeper.StopAsync(None);
    }

    [Fact]
    public void IntervalAndAge_KeepTheSixtySecondsThatAreAllowed() =>
        Assert.InRange(RedisSweeper.Interval + RedisSweeper.Age + TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(55));

    private RecordWrite Write(string id, TimeSpan? lifetime, params string[] indexes) =>
        new(new RecordId(RecordKind.Key, id), new byte[] { 1 }) { Expires = _time.GetUtcNow() + lifetime, Index = [.. indexes.Select(static name => new IndexEntry(name, 0))] };

    private async Task PutAsync(RecordWrite write) => Assert.NotNull(await _store.Records.PutAsync(write, PutCondition.Any, None));

    // The steps of a write: mark, lock, entries, record.
    private async Task StepsAsync(RedisPut put, int steps)
    {
        await _store.Agenda.MarkAsync(put.Id);
        if (steps >= 2)
        {
            Assert.Equal(RedisBegun.Locked, await _mortal.BeginAsync(put, mayWriteAtOnce: true, Now));
        }

        if (steps >= 3)
        {
            await _store.Writer.AddEntriesAsync(put);
        }

        if (steps >= 4)
        {
            Assert.True(await _store.Locks.WriteAsync(put, release: false, Now));
        }
    }

    private Task<int> SweepAsync() => _store.Sweeper.SweepAsync(TimeSpan.FromHours(1), None);

    // The lock of the dead one has to end first.
    private async Task SweepUntilDoneAsync() => await Eventually.HoldsAsync(async () =>
    {
        await _store.Sweeper.SweepAsync(TimeSpan.Zero, None);
        return (await _store.KeysAsync("*:p")).Count == 0;
    });

    private async Task<IReadOnlyList<string>> EntriesAsync(string index) =>
        [.. (await _store.Records.ListAsync(RecordKind.Key, index, 0, 1000, None)).Items.Select(static item => item.Id)];

    private Task ShouldBeEmptyAsync() => Eventually.HoldsAsync(async () => (await _store.KeysAsync("*")).All(static key => key.EndsWith("{probe}", StringComparison.Ordinal)));

    private static async Task<string> CliAsync(params string[] command) => await (await RedisServer.SharedAsync()).CliAsync(command);
}
