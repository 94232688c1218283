using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Sqlite;

/// <summary>The counters of a key end with its record: those that never renew would stay for ever.</summary>
public sealed class SqliteKeyCounterTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RecordId Key = new(RecordKind.Key, "key");
    private readonly FakeTime _time = new();
    private Func<Task> _closeAsync = null!;
    private SqliteStore _store = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        await PutAsync(Key);
        await PutAsync(Key with { Id = "other" });
        await LeaseAsync("key", "");
        await LeaseAsync("key", "api");
        await LeaseAsync("other", "");
    }

    public Task DisposeAsync() => _closeAsync();

    [Theory]
    [InlineData("delete")]
    [InlineData("delete all")]
    [InlineData("take")]
    [InlineData("expire")]
    public async Task Counters_EndWithTheirKey(string way)
    {
        switch (way)
        {
            case "delete":
                Assert.True(await _store.Records.DeleteAsync(Key, version: null, None));
                break;
            case "delete all":
                await _store.Records.DeleteAllAsync([Key], None);
                break;
            case "take":
                Assert.NotNull(await _store.Records.TakeAsync(Key, None));
                break;
            default:
                await PutAsync(Key, TimeSpan.FromSeconds(5));
                _time.Advance(TimeSpan.FromSeconds(5));
                Assert.Equal(1, await _store.Sweeper.SweepAsync(None));
                break;
        }

        await ShouldHaveAsync(counters: 1, leases: 1);
        Assert.Equal(5, (await ReadAsync("other", ""))!.Used);
    }

    [Fact]
    public async Task KeyCreatedAnew_StartsAfresh_AndALeaseFromBeforeFreesNothing()
    {
        var old = await LeaseAsync("key", "");
        await _store.Records.DeleteAsync(Key, version: null, None);
        await PutAsync(Key);

        Assert.Equal(5, (await LeaseAsync("key", "")).Used);
        await _store.Ledger.ReturnAsync(new CounterId("key", ""), new QuotaReturn(old.LeaseId, 5), None);
        Assert.Equal(5, (await ReadAsync("key", ""))!.Used);
    }

    [Fact]
    public async Task KeyCreatedAnew_StartsAfresh_WhenTheOldOneHasExpiredAndIsNotSweptYet()
    {
        await PutAsync(Key, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        await PutAsync(Key);

        await ShouldHaveAsync(counters: 1, leases: 1);
    }

    [Fact]
    public async Task Counters_Stay_WhenTheirKeyIsReplaced()
    {
        var version = await _store.Records.PutAsync(new RecordWrite(Key, new byte[] { 1 }), PutCondition.Any, None);
        await _store.Records.PutAsync(new RecordWrite(Key, new byte[] { 2 }), PutCondition.Version(version!.Value), None);
        await _store.Records.PutAllAsync([new RecordWrite(Key, new byte[] { 3 }) { Expires = _time.GetUtcNow() + TimeSpan.FromDays(1) }], None);

        await ShouldHaveAsync(counters: 3, leases: 3);
        Assert.Equal([3], (await _store.Records.GetAsync(Key, None))!.Payload.ToArray());
    }

    [Fact]
    public async Task Counters_Stay_WhenARecordOfAnotherKindGoes()
    {
        foreach (var kind in Enum.GetValues<RecordKind>().Where(static kind => kind != RecordKind.Key))
        {
            await PutAsync(new RecordId(kind, "key"));
            Assert.True(await _store.Records.DeleteAsync(new RecordId(kind, "key"), version: null, None));
        }

        await ShouldHaveAsync(counters: 3, leases: 3);
    }

    private async Task PutAsync(RecordId id, TimeSpan? lifetime = null) =>
        await _store.Records.PutAsync(new RecordWrite(id, new byte[] { 1 }) { Expires = _time.GetUtcNow() + lifetime }, PutCondition.Any, None);

    private async Task<QuotaGrant> LeaseAsync(string owner, string scope) =>
        await _store.Ledger.LeaseAsync(new QuotaDemand(new CounterId(owner, scope), 100, Period: null, 5, Return: null), None);

    private ValueTask<QuotaReading?> ReadAsync(string owner, string scope) => _store.Ledger.ReadAsync(new CounterId(owner, scope), None);

    private async Task ShouldHaveAsync(long counters, long leases)
    {
        Assert.Equal(counters, await _store.CountAsync("quota_counters"));
        Assert.Equal(leases, await _store.CountAsync("quota_leases"));
    }
}
