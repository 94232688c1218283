using System.Globalization;
using System.Text;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>A Redis that goes away, in each of the ways it can: every call ends soon, the node knows, says so once, and recovers by itself.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    // Long enough that a busy machine is no outage, short enough to be waited for.
    private static readonly Duration Timeout = Duration.FromSeconds(2);
    private RedisServer _server = null!;
    private RedisStore _store = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _store = Open(_server);
        await PutAsync("a");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task StoppedAndStartedAgain_IsDown_ThenUp()
    {
        await _server.KillAsync();
        await ShouldFailAsync(() => GetAsync("a"));
        await ShouldFailAsync(() => PutAsync("a"));
        await ShouldBecomeAsync(StoreState.Down);

        await _server.StartAsync();
        await ShouldBecomeAsync(StoreState.Up);

        // It was restarted empty: what it held is gone, and nothing else is wrong.
        Assert.Null(await GetAsync("a"));
        await PutAsync("a");
        Assert.NotNull(await GetAsync("a"));
        ShouldHaveLogged("StoreDown", "StoreUp");
    }

    [Fact]
    public async Task Frozen_IsDownAfterTwoCalls_AndUpWhenItGoesOn()
    {
        await _server.SignalAsync("STOP");
        await ShouldFailAsync(() => GetAsync("a"));
        Assert.True(_store.Outage.IsDown);

        // From here on nobody waits for the timeout.
        var failing = Enumerable.Range(0, 1000).Select(_ => ShouldFailAsync(() => PutAsync("b"))).ToList();
        Assert.All(failing, static task => Assert.True(task.IsCompleted));
        await Task.WhenAll(failing);

        await _server.SignalAsync("CONT");
        await ShouldBecomeAsync(StoreState.Up);
        Assert.NotNull(await GetAsync("a"));
        ShouldHaveLogged("StoreDown", "StoreUp");
    }

    [Fact]
    public async Task FrozenForLong_IsConnectedToAnew()
    {
        await _server.SignalAsync("STOP");
        await ShouldFailAsync(() => GetAsync("a"));
        await Task.Delay(TimeSpan.FromSeconds(7));

        await _server.SignalAsync("CONT");
        await ShouldBecomeAsync(StoreState.Up);
        Assert.NotNull(await GetAsync("a"));
        await PutAsync("b");
    }

    [Fact]
    public async Task ScriptsFlushed_AreSentAgain_AndNobodyNotices()
    {
        await _server.CliAsync("SCRIPT", "FLUSH");
        await PutAsync("b");
        await _server.CliAsync("SCRIPT", "FLUSH");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => PutAsync($"c{i}")));

        Assert.NotNull(await GetAsync("b"));
        ShouldHaveLogged();
    }

    [Fact]
    public async Task Full_RefusesWrites_AndServesReads_UntilThereIsRoom()
    {
        await _server.CliAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await _server.CliAsync("CONFIG", "SET", "maxmemory", "1");

        await ShouldFailAsync(() => PutAsync("b"));
        await ShouldFailAsync(() => PutAsync("b"));
        await ShouldBecomeAsync(StoreState.ReadOnly);
        Assert.Equal("OOM", _store.Outage.Reason);
        await ShouldFailAsync(() => PutAsync("b"));
        Assert.NotNull(await GetAsync("a"));
        Assert.Equal(1, (await _store.Records.ListAsync(RecordKind.Key, "all", 0, 10, None)).Total);

        await _server.CliAsync("CONFIG", "SET", "maxmemory", "0");
        await ShouldBecomeAsync(StoreState.Up);
        await PutAsync("b");
        ShouldHaveLogged("StoreReadOnly", "StoreUp");
    }

    [Fact]
    public async Task ReplicasMissing_IsDown_ForTheMasterMayBeAnotherByNow()
    {
        await _server.CliAsync("CONFIG", "SET", "min-replicas-to-write", "1");

        await ShouldFailAsync(() => PutAsync("b"));
        await ShouldFailAsync(() => PutAsync("b"));
        await ShouldBecomeAsync(StoreState.Down);
        Assert.Equal("NOREPLICAS", _store.Outage.Reason);

        await _server.CliAsync("CONFIG", "SET", "min-replicas-to-write", "0");
        await ShouldBecomeAsync(StoreState.Up);
    }

    [Fact]
    public async Task ConnectionsReset_AreMadeAnew()
    {
        for (var i = 0; i < 5; i++)
        {
            await _server.CliAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            await _server.CliAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await Eventually.HoldsAsync(async () => await TriesAsync(() => PutAsync("b")));
        }

        await ShouldBecomeAsync(StoreState.Up);
        Assert.NotNull(await GetAsync("a"));
    }

    [Fact]
    public async Task MasterLost_IsReplacedByThePromotedReplica()
    {
        await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", _server.Port.ToString(CultureInfo.InvariantCulture));
        await Eventually.HoldsAsync(async () => (await replica.CliAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
        await using var store = Open(_server, replica);
        await store.Records.PutAsync(Write("before"), PutCondition.Any, None);
        await Eventually.HoldsAsync(async () => await replica.CliAsync("EXISTS", store.Link.Keys.Record(Write("before").Id)!) == "1");

        await _server.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.Records.GetAsync(Write("before").Id, None));
        await replica.CliAsync("REPLICAOF", "NO", "ONE");

        await Eventually.HoldsAsync(() => store.Outage.State == StoreState.Up);
        Assert.NotNull(await store.Records.GetAsync(Write("before").Id, None));
        await store.Records.PutAsync(Write("after"), PutCondition.Any, None);
    }

    [Fact]
    public async Task MasterDemoted_IsLeftForThePromotedReplica()
    {
        await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", _server.Port.ToString(CultureInfo.InvariantCulture));
        await Eventually.HoldsAsync(async () => (await replica.CliAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
        await using var store = Open(_server, replica);

        await replica.CliAsync("REPLICAOF", "NO", "ONE");
        await _server.CliAsync("REPLICAOF", "127.0.0.1", replica.Port.ToString(CultureInfo.InvariantCulture));

        await Eventually.HoldsAsync(async () => await TriesAsync(async () => await store.Records.PutAsync(Write("after"), PutCondition.Any, None)));
        Assert.Contains("role:master", await replica.CliAsync("INFO", "replication"), StringComparison.Ordinal);
        Assert.NotNull(await store.Records.GetAsync(Write("after").Id, None));
    }

    [Fact]
    public async Task Stale_MayBeServed_ForTheGraceAndNoLonger()
    {
        var time = new FakeTime();
        await using var store = new RedisStore(new RedisOptions { Configuration = _server.Configuration, Prefix = RedisServer.NewPrefix(), Timeout = Timeout, OutageGrace = Duration.FromSeconds(10) }, time);
        Assert.False(store.Outage.MayServeStale(time.GetTimestamp()));

        await _server.KillAsync();
        await ShouldFailAsync(async () => await store.Records.GetAsync(Write("a").Id, None));

        Assert.True(store.Outage.IsDown);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(store.Outage.MayServeStale(time.GetTimestamp()));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(store.Outage.MayServeStale(time.GetTimestamp()));
    }

    [Fact]
    public async Task Metrics_TellCallsByOutcome_AndTheState()
    {
        _store.Meters.ReadAll();
        await GetAsync("a");
        var measured = _store.Meters.ReadAll();
        Assert.True(measured["edgeauth.storage.redis.calls outcome=answered"] >= 1);
        Assert.Equal(0, measured["edgeauth.storage.outage"]);

        await _server.KillAsync();
        await ShouldFailAsync(() => GetAsync("a"));
        await ShouldFailAsync(() => GetAsync("a"));
        measured = _store.Meters.ReadAll();
        Assert.Equal(2, measured["edgeauth.storage.redis.calls outcome=no_connection"]);
        Assert.Equal(1, measured["edgeauth.storage.redis.calls outcome=spared"]);
        Assert.Equal((int)StoreState.Down, measured["edgeauth.storage.outage"]);
    }

    [Fact]
    public async Task Closing_EndsTheProbing()
    {
        await _server.KillAsync();
        await ShouldFailAsync(() => GetAsync("a"));

        await Eventually.ComesAsync(_store.DisposeAsync().AsTask());
    }

    private static RedisStore Open(params RedisServer[] servers) => new(
        new RedisOptions { Configuration = string.Join(',', servers.Select(static server => server.Configuration)), Prefix = RedisServer.NewPrefix(), Timeout = Timeout }, TimeProvider.System);

    private static RecordWrite Write(string id) => new(new RecordId(RecordKind.Key, id), Encoding.UTF8.GetBytes(id)) { Index = [new IndexEntry("all", 0)] };

    private async Task PutAsync(string id) => await _store.Records.PutAsync(Write(id), PutCondition.Any, None);

    private async Task<StoredRecord?> GetAsync(string id) => await _store.Records.GetAsync(Write(id).Id, None);

    private static Task<StoreUnavailableException> ShouldFailAsync(Func<Task> call) => Eventually.ComesAsync(Assert.ThrowsAsync<StoreUnavailableException>(call));

    private static async Task<bool> TriesAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private Task ShouldBecomeAsync(StoreState state) => Eventually.HoldsAsync(() => _store.Outage.State == state);

    private void ShouldHaveLogged(params string[] events) =>
        Assert.Equal(events, _store.Logs.Lines.Where(static line => line.Level >= LogLevel.Information).Select(static line => Name(line.Text)));

    private static string Name(string text) =>
        text.StartsWith("Redis does not answer", StringComparison.Ordinal) ? "StoreDown" : text.StartsWith("Redis refuses writes", StringComparison.Ordinal) ? "StoreReadOnly" : text == "Redis answers again" ? "StoreUp" : text;
}
