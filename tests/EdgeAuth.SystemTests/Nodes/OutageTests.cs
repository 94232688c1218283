using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What clients see while something happens to Redis, and that all is well again afterwards without anybody's doing.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(Repository.Soak ? 8 : 2.5);

    [Fact]
    public async Task Stopped_WhoIsKnownIsServedWithinTheGrace_AndAllElseIsToldToComeBack()
    {
        var grace = TimeSpan.FromSeconds(2);
        var slack = TimeSpan.FromSeconds(0.5);
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2, $"--EdgeAuth:Storage:Redis:OutageGrace={grace.TotalSeconds}s");

        var (clientele, broken, healed) = await RunAsync("stopped", group, losesKeys: false, redis.StopAsync, Hold + grace, redis.StartAgainAsync);

        foreach (var kind in new[] { CallerKind.Key, CallerKind.Token })
        {
            Assert.All(clientele.Calls(kind, broken, Later(broken, grace - slack)), static call => Assert.Equal(200, call.Status));
            Assert.All(clientele.Calls(kind, Later(broken, grace + slack), healed), static call => Assert.Equal(503, call.Status));
        }

        Assert.All(clientele.Calls(CallerKind.Manager, Later(broken, slack), healed), static call => Assert.Equal(503, call.Status));
        ShouldHaveToldOnce(group, "RedisLink\\[710\\]");
    }

    [Fact]
    public async Task Frozen_WhoIsKnownIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var (clientele, broken, healed) = await RunAsync("frozen", group, losesKeys: false, redis.FreezeAsync, Hold, redis.ThawAsync);

        Assert.All(clientele.Calls(CallerKind.Key, broken, healed), static call => Assert.Equal(200, call.Status));
        Assert.All(clientele.Calls(CallerKind.Token, broken, healed), static call => Assert.Equal(200, call.Status));
        ShouldHaveToldOnce(group, "RedisLink\\[710\\]");
    }

    [Fact]
    public async Task RestartedEmpty_WhatWasLostIsUnknown_AndNewIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        await RunAsync("restarted empty", group, losesKeys: true, redis.KillAsync, Hold / 2, redis.StartAgainAsync);

        ShouldHaveToldOnce(group, "RedisLink\\[710\\]");
    }

    [Fact]
    public async Task OutOfMemory_WhatNeedsNoWriteIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var (clientele, broken, healed) = await RunAsync(
            "out of memory", group, losesKeys: false, () => redis.AskAsync("CONFIG", "SET", "maxmemory", "1"), Hold, () => redis.AskAsync("CONFIG", "SET", "maxmemory", "0"));

        foreach (var kind in new[] { CallerKind.Key, CallerKind.Token, CallerKind.Stranger, CallerKind.Exhausted })
        {
            Assert.All(clientele.Calls(kind, broken, healed), call => Assert.Equal(Clientele.Usual(kind), call.Status));
        }

        Assert.All(clientele.Calls(CallerKind.Manager, Later(broken, TimeSpan.FromSeconds(0.5)), healed), static call => Assert.Equal(503, call.Status));
        ShouldHaveToldOnce(group, "RedisLink\\[711\\]");
    }

    [Fact]
    public async Task ScriptsFlushed_NobodyNotices()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var (clientele, broken, healed) = await RepeatAsync("scripts flushed", group, () => redis.AskAsync("SCRIPT", "FLUSH"));

        foreach (var kind in Enum.GetValues<CallerKind>())
        {
            Assert.All(clientele.Calls(kind, broken, healed), call => Assert.Equal(Clientele.Usual(kind), call.Status));
        }

        Assert.All(group.Nodes, static node => Assert.DoesNotMatch("RedisLink", node.Output));
    }

    [Fact]
    public async Task ConnectionsReset_WhoIsKnownIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var (clientele, broken, healed) = await RepeatAsync("connections reset", group, () => redis.AskAsync("CLIENT", "KILL", "TYPE", "normal"));

        Assert.All(clientele.Calls(CallerKind.Key, broken, healed), static call => Assert.Equal(200, call.Status));
        Assert.All(clientele.Calls(CallerKind.Token, broken, healed), static call => Assert.Equal(200, call.Status));
    }

    // Its replica has not heard of the last writes when it is promoted: who was given a key by one of these has none now.
    [Fact]
    public async Task FailedOver_WhoIsKnownIsServed_AndWhatWasLostIsUnknown()
    {
        await using var master = await RedisProcess.StartAsync("--repl-diskless-sync-delay", "0");
        await using var replica = await RedisProcess.StartAsync("--replicaof", "127.0.0.1", $"{master.Port}");
        await NodeGroup.UntilAsync("the replica follows", async () => ((string)(await replica.AskAsync("INFO", "replication"))!).Contains("master_link_status:up", StringComparison.Ordinal));
        await using var group = await NodeGroup.StartAsync($"{master.EndPoint},{replica.EndPoint}", 2);
        var lost = "";

        var (clientele, broken, healed) = await RunAsync("failed over with a lag", group, losesKeys: false, BreakAsync, Hold / 2, () => replica.AskAsync("REPLICAOF", "NO", "ONE"));

        Assert.All(clientele.Calls(CallerKind.Key, broken, healed), static call => Assert.Equal(200, call.Status));
        Assert.All(clientele.Calls(CallerKind.Token, broken, healed), static call => Assert.Equal(200, call.Status));
        await group.EachAsync(async node => Assert.Equal(401, (await node.CallAsync("/items/x", lost)).Status));
        ShouldHaveToldOnce(group, "RedisLink\\[710\\]");

        async Task BreakAsync()
        {
            var deleted = await group.CreateKeyAsync();
            await group.EachAsync(async node => Assert.Equal(200, (await node.CallAsync("/items/x", deleted)).Status));
            await replica.AskAsync("REPLICAOF", "127.0.0.1", "1");
            lost = await group.CreateKeyAsync();
            await group.EachAsync(async node => Assert.Equal(200, (await node.CallAsync("/items/x", lost)).Status));
            Assert.Equal(200, (await group.First.ManageAsync("DELETE", "/tyk/keys/" + deleted)).Status);
            await group.EachAsync(node => NodeGroup.UntilAsync("the deletion is known", async () => (await node.CallAsync("/items/x", deleted)).Status == 401));
            await master.KillAsync();
        }
    }

    private static long Later(long instant, TimeSpan time) => instant + (long)(time.TotalSeconds * Stopwatch.Frequency);

    // Breaks something, heals it after a while and waits until all goes well again.
    private static async Task<(Clientele Clientele, long Broken, long Healed)> RunAsync(string name, NodeGroup group, bool losesKeys, Func<Task> breakIt, TimeSpan hold, Func<Task> healIt)
    {
        await using var clientele = await Clientele.StartAsync(group);
        await Task.Delay(300);
        var broken = Stopwatch.GetTimestamp();
        await breakIt();
        await Task.Delay(hold);
        var healed = Stopwatch.GetTimestamp();
        await healIt();
        await group.EachAsync(node => NodeGroup.UntilAsync("served again", () => IsWellAsync(group, node)));
        var well = Stopwatch.GetTimestamp();
        await Task.Delay(600);
        await clientele.StopAsync();

        var end = Stopwatch.GetTimestamp();
        var report = clientele.Report(name, ("before", broken), ("during", healed), ("after", well), ("well again", end));
        await Reports.WriteAsync("node-outage-" + name.Replace(' ', '-'), report);
        clientele.ShouldBeAnsweredProperly(report, losesKeys);
        foreach (var kind in Enum.GetValues<CallerKind>())
        {
            var usual = losesKeys && kind != CallerKind.Manager ? 401 : Clientele.Usual(kind);
            Assert.All(clientele.Calls(kind, 0, broken).Where(call => call.Ended < broken), call => Assert.True(call.Status == Clientele.Usual(kind), report));
            Assert.All(clientele.Calls(kind, well, end), call => Assert.True(call.Status == usual, report));
        }

        return (clientele, broken, healed);
    }

    private static async Task<(Clientele Clientele, long Broken, long Healed)> RepeatAsync(string name, NodeGroup group, Func<Task> damage)
    {
        using var done = new CancellationTokenSource();
        var work = Task.CompletedTask;
        return await RunAsync(
            name,
            group,
            losesKeys: false,
            () =>
            {
                work = RepeatAsync();
                return Task.CompletedTask;
            },
            Hold,
            async () =>
            {
                await done.CancelAsync();
                await work;
            });

        async Task RepeatAsync()
        {
            while (!done.IsCancellationRequested)
            {
                await damage();
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    // A key made here is served there, with limits, and the node says that it can serve.
    private static async Task<bool> IsWellAsync(NodeGroup group, GatewayProcess node)
    {
        var (status, body) = await node.ManageAsync("POST", "/tyk/keys/create", System.Text.Json.Nodes.JsonNode.Parse("""{"rate":10,"per":1,"quota_max":10,"access_rights":{"items":{"api_id":"items"}}}""")!);
        if (status != 200)
        {
            return false;
        }

        var key = JsonElement.Parse(body).GetProperty("key").GetString()!;
        foreach (var other in group.Nodes)
        {
            using var ready = await other.Http.GetAsync("/ready");
            if (!ready.IsSuccessStatusCode || (await other.CallAsync("/items/x", key)).Status != 200)
            {
                return false;
            }
        }

        return true;
    }

    // One line when it began, one when it was over, and nothing else that is an error.
    private static void ShouldHaveToldOnce(NodeGroup group, string began) => Assert.All(group.Nodes, node =>
    {
        Assert.Single(Regex.Matches(node.Output, began));
        Assert.Single(Regex.Matches(node.Output, "RedisLink\\[712\\]"));
        Assert.DoesNotMatch("(fail|crit): (?!EdgeAuth.Storage.Redis.RedisLink)", node.Output);
    });
}
