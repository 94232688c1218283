using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Sqlite;

public sealed class SqliteSweeperTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTime _time = new();
    private Func<Task> _closeAsync = null!;
    private SqliteStore _store = null!;

    public async Task InitializeAsync() => (_store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task Sweep_RemovesWhatHasExpired_AndNothingElse()
    {
        await PutAsync("gone", TimeSpan.FromSeconds(10));
        await PutAsync("soon", TimeSpan.FromSeconds(11));
        await PutAsync("kept", lifetime: null);
        await _store.Records.PutAsync(Write("entry", null, TimeSpan.FromSeconds(10)), PutCondition.Any, None);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(3, await _store.Sweeper.SweepAsync(None));

        Assert.Equal(3, await _store.CountAsync("records"));
        Assert.Equal(2, await _store.CountAsync("index_entries"));
        Assert.Equal(0, await _store.Sweeper.SweepAsync(None));
    }

    [Fact]
    public async Task Sweep_RemovesEverything_WhenThereIsMoreThanOneBite()
    {
        await _store.Records.PutAllAsync([.. Enumerable.Range(0, 1203).Select(i => Write($"{i}", TimeSpan.FromSeconds(1), null))], None);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2406, await _store.Sweeper.SweepAsync(None));
        Assert.Equal(0, await _store.CountAsync("records") + await _store.CountAsync("index_entries"));
    }

    [Fact]
    public async Task Sweep_RemovesEndedCountersWithTheirLeases()
    {
        await LeaseAsync("ended", TimeSpan.FromSeconds(5));
        var running = await LeaseAsync("running", TimeSpan.FromSeconds(6));
        await LeaseAsync("never", period: null);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(2, await _store.Sweeper.SweepAsync(None));

        Assert.Equal(2, await _store.CountAsync("quota_counters"));
        Assert.Equal(2, await _store.CountAsync("quota_leases"));
        await _store.Ledger.ReturnAsync(new CounterId("running", ""), new QuotaReturn(running.LeaseId, 3), None);
        Assert.Equal(2, (await _store.Ledger.ReadAsync(new CounterId("running", ""), None))!.Used);
    }

    [Fact]
    public async Task ExpiredRows_AreGone_WithinTheInterval()
    {
        await PutAsync("a", TimeSpan.FromSeconds(1));
        await PutAsync("b", TimeSpan.FromMinutes(2));
        await _store.Sweeper.StartAsync(None);
        await Eventually.HoldsAsync(() => _time.Timers == 1);
        Assert.Equal(2, await _store.CountAsync("records"));

        _time.Advance(SqliteSweeper.Interval);
        await Eventually.HoldsAsync(async () => await _store.CountAsync("records") == 1);

        // It goes on: the next expiry is swept by a later turn.
        _time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(async () => await _store.CountAsync("records") == 0);
        await _store.Sweeper.StopAsync(None);
    }

    [Fact]
    public void Interval_KeepsTheSixtySecondsThatAreAllowed() => Assert.InRange(SqliteSweeper.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    private RecordWrite Write(string id, TimeSpan? lifetime, TimeSpan? entryLifetime) => new(new RecordId(RecordKind.Key, id), new byte[] { 1 })
    {
        Expires = _time.GetUtcNow() + lifetime,
        Index = [new IndexEntry("all", 0, _time.GetUtcNow() + entryLifetime)],
    };

    private async Task PutAsync(string id, TimeSpan? lifetime) => await _store.Records.PutAsync(Write(id, lifetime, null), PutCondition.Any, None);

    private async Task<QuotaGrant> LeaseAsync(string owner, TimeSpan? period) =>
        await _store.Ledger.LeaseAsync(new QuotaDemand(new CounterId(owner, ""), 100, period, 5, Return: null), None);
}
