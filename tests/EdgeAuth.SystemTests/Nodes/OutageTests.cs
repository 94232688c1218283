namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What clients see while Redis is away, and that all is well again afterwards without anybody's doing.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(0.5);

    [Fact]
    public async Task Stopped_WhoIsKnownIsServedWithinTheGrace_AndAllElseIsToldToComeBack()
    {
        var grace = TimeSpan.FromSeconds(2);
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2, $"--EdgeAuth:Storage:Redis:OutageGrace={grace.TotalSeconds}s");

        var run = await new Outage("stopped", redis.StopAsync, redis.StartAgainAsync) { Lasting = grace + Outage.AWhile }.RunAsync(group);

        Assert.All(run.AnswersToKnown(until: grace - Slack), static status => Assert.Equal(200, status));
        Assert.All(run.AnswersToKnown(from: grace + Slack), static status => Assert.Equal(503, status));
        Assert.All(run.Answers(CallerKind.Manager, from: Slack), static status => Assert.Equal(503, status));
    }

    [Fact]
    public async Task Frozen_WhoIsKnownIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var run = await new Outage("frozen", redis.FreezeAsync, redis.ThawAsync).RunAsync(group);

        Assert.All(run.AnswersToKnown(), static status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task RestartedEmpty_WhatWasLostIsUnknown_AndWhatIsNewIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var run = await new Outage("restarted empty", redis.KillAsync, redis.StartAgainAsync) { LosesKeys = true, Lasting = Outage.AWhile / 2 }.RunAsync(group);

        Assert.All(run.AnswersToKnown(), static status => Assert.Equal(200, status));
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

        var run = await new Outage("failed over with a lag", BreakAsync, () => replica.AskAsync("REPLICAOF", "NO", "ONE")) { Lasting = Outage.AWhile / 2 }.RunAsync(group);

        Assert.All(run.AnswersToKnown(), static status => Assert.Equal(200, status));
        await group.EachAsync(async node => Assert.Equal(401, (await node.CallAsync("/items/x", lost)).Status));

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
}
