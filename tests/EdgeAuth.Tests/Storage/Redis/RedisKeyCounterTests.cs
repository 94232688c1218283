using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>The counters of a key end with its record: those that never renew would stay for ever.</summary>
public sealed class RedisKeyCounterTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RecordId Key = new(RecordKind.Key, "key");
    private readonly FakeTime _time = new();
    private Func<Task> _closeAsync = null!;
    private RedisStore _store = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await RedisStore.OpenAsync(_time, static store => store);
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
    [InlineData("expire with entries")]
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
                await PutAsync(Key, TimeSpan.FromSeconds(5), way == "expire" ? [] : [new IndexEntry("all", 0)]);
                _time.Advance(TimeSpan.FromSeconds(5));
                Assert.Equal(1, await _store.Sweeper.SweepAsync(TimeSpan.FromHours(1), None));
                break;
        }

        await ShouldHaveCountersAsync("other");
        Assert.Equal(5, (await _store.Ledger.ReadAsync(new CounterId("other", ""), None))!.Used);
    }

    [Fact]
    public async Task KeyCreatedAnew_StartsAfresh()
    {
        await _store.Records.DeleteAsync(Key, version: null, None);
        await PutAsync(Key);

        Assert.Equal(5, (await LeaseAsync("key", "")).Used);
    }

    [Fact]
    public async Task KeyCreatedAnew_StartsAfresh_WhenTheOldOneHasExpiredAndIsNotSweptYet()
    {
        await PutAsync(Key, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        await PutAsync(Key);

        await ShouldHaveCountersAsync("other");
    }

    [Fact]
    public async Task Counters_Stay_WhenTheirKeyIsReplaced()
    {
        var version = await _store.Records.PutAsync(new RecordWrite(Key, new byte[] { 1 }), PutCondition.Any, None);
        await _store.Records.PutAsync(new RecordWrite(Key, new byte[] { 2 }), PutCondition.Version(version!.Value), None);
        await _store.Records.PutAllAsync([new RecordWrite(Key, new byte[] { 3 }) { Expires = _time.GetUtcNow() + TimeSpan.FromDays(1), Index = [new IndexEntry("all", 0)] }], None);

        await ShouldHaveCountersAsync("key", "other");
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

        await ShouldHaveCountersAsync("key", "other");
    }

    private async Task PutAsync(RecordId id, TimeSpan? lifetime = null, params IndexEntry[] entries) =>
        await _store.Records.PutAsync(new RecordWrite(id, new byte[] { 1 }) { Expires = _time.GetUtcNow() + lifetime, Index = entries }, PutCondition.Any, None);

    private async Task<QuotaGrant> LeaseAsync(string owner, string scope) =>
        await _store.Ledger.LeaseAsync(new QuotaDemand(new CounterId(owner, scope), 100, Period: null, 5, Return: null), None);

    private async Task ShouldHaveCountersAsync(params string[] owners) =>
        Assert.Equal(owners.Select(owner => $"{_store.Settings.Prefix}{{{owner}}}:q"), (await _store.KeysAsync("*:q")).Order(StringComparer.Ordinal));
}
