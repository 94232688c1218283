using EdgeAuth.Storage;
using EdgeAuth.Storage.Redis;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

public sealed class RedisClusterRecordStoreTests : RecordStoreContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => RedisCluster.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class RedisClusterRecordIndexTests : RecordIndexContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => RedisCluster.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class RedisClusterRecordStoreModelTests : RecordStoreModelContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => RedisCluster.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class RedisClusterChangeLogTests : ChangeLogContract
{
    private protected override (int Least, int Most) Capacity => (RedisChangeLog.Capacity, RedisChangeLog.Capacity);

    private protected override Task<Opened<IChangeLog>> OpenAsync() => RedisCluster.OpenAsync<IChangeLog>(TimeProvider.System, static store => store.Log);
}

public sealed class RedisClusterLedgerTests : LedgerContract
{
    private protected override Task<Opened<ILedger>> OpenAsync() => RedisCluster.OpenAsync<ILedger>(Time, static store => store.Ledger);
}

/// <summary>What only a cluster does: keys stand on several servers, and move between them.</summary>
public sealed class RedisClusterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Records_AreSpreadOverTheServers_AndSweptThere()
    {
        var (cluster, time) = (await RedisCluster.SharedAsync(), new FakeTime());
        await using var store = new RedisStore(RedisStore.OptionsFor(cluster.Configuration), time);
        for (var i = 0; i < 60; i++)
        {
            await store.Records.PutAsync(Write($"{i}") with { Expires = time.GetUtcNow() + TimeSpan.FromSeconds(1) }, PutCondition.Any, None);
        }

        var counts = await Task.WhenAll(cluster.Servers.Select(server => CountAsync(server, store)));
        Assert.Equal(60, counts.Sum());
        Assert.DoesNotContain(0, counts);
        Assert.Equal(60, (await store.Records.ListAsync(RecordKind.Key, "all", 0, 10, None)).Total);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(60, await store.Sweeper.SweepAsync(TimeSpan.FromHours(1), None));
        Assert.Equal(0, (await Task.WhenAll(cluster.Servers.Select(server => CountAsync(server, store)))).Sum());
    }

    [Fact]
    public async Task Publishing_IsHeardOnEveryServer()
    {
        var cluster = await RedisCluster.SharedAsync();
        var settings = RedisStore.OptionsFor(cluster.Configuration);
        await using var here = new RedisStore(settings, TimeProvider.System);
        await using var there = new RedisStore(new RedisOptions { Configuration = cluster.Servers[2].Configuration, Prefix = settings.Prefix, Timeout = settings.Timeout }, TimeProvider.System);
        var heard = new TaskCompletionSource();
        there.Log.Appended += (_, _) => heard.TrySetResult();

        await Eventually.HoldsAsync(async () =>
        {
            await here.Log.AppendAsync([new RecordId(RecordKind.Key, "a")], None);
            return heard.Task.IsCompleted;
        });
    }

    // A slot that moves answers MOVED, and ASK while it moves; a client that knows the old place must follow.
    [Fact]
    public async Task SlotsThatMove_AreFollowed()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 2).Select(static _ => RedisServer.StartAsync("--cluster-enabled", "yes")));
        try
        {
            await servers[0].CliAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            await servers[0].CliAsync("CLUSTER", "MEET", "127.0.0.1", $"{servers[1].Port}");
            await Eventually.HoldsAsync(async () =>
                (await Task.WhenAll(servers.Select(static server => server.CliAsync("CLUSTER", "INFO")))).All(static state => state.Contains("cluster_state:ok", StringComparison.Ordinal)));
            await using var store = new RedisStore(RedisStore.OptionsFor(servers[0].Configuration), TimeProvider.System);
            await store.Records.PutAsync(Write("a"), PutCondition.Any, None);

            // The slot of the record moves, with the record; then the whole range, so that the index does too.
            var record = (string)store.Link.Keys.Record(Write("a").Id)!;
            var (source, target) = (await servers[0].CliAsync("CLUSTER", "MYID"), await servers[1].CliAsync("CLUSTER", "MYID"));
            var slot = await servers[0].CliAsync("CLUSTER", "KEYSLOT", record);
            await servers[1].CliAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", source);
            await servers[0].CliAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", target);
            await servers[0].CliAsync("MIGRATE", "127.0.0.1", $"{servers[1].Port}", record, "0", "5000");
            Assert.NotNull(await store.Records.GetAsync(Write("a").Id, None));
            await store.Records.PutAsync(Write("a") with { Payload = new byte[] { 2 } }, PutCondition.Any, None);

            await servers[1].CliAsync("CLUSTER", "SETSLOT", slot, "NODE", target);
            await servers[0].CliAsync("CLUSTER", "SETSLOT", slot, "NODE", target);
            Assert.Equal([2], (await store.Records.GetAsync(Write("a").Id, None))!.Payload.ToArray());
            var version = await store.Records.PutAsync(Write("a") with { Payload = new byte[] { 3 }, Index = [new IndexEntry("all", 1)] }, PutCondition.Any, None);
            Assert.Equal(version, (await store.Records.GetAsync(Write("a").Id, None))!.Version);
            Assert.Equal(1, (await store.Records.ListAsync(RecordKind.Key, "all", 0, 10, None)).Total);
            Assert.Equal("1", await servers[1].CliAsync("EXISTS", record));
        }
        finally
        {
            await Task.WhenAll(servers.Select(static server => server.DisposeAsync().AsTask()));
        }
    }

    private static RecordWrite Write(string id) => new(new RecordId(RecordKind.Key, id), new byte[] { 1 }) { Index = [new IndexEntry("all", 0)] };

    private static async Task<int> CountAsync(RedisServer server, RedisStore store) =>
        (await server.CliAsync("KEYS", store.Settings.Prefix + "*:r1")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
