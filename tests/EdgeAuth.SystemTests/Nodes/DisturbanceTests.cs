namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What clients see while Redis is there but something is wrong with it, and that all is well again afterwards without anybody's doing.</summary>
public sealed class DisturbanceTests
{
    [Fact]
    public async Task OutOfMemory_WhatNeedsNoWriteIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var run = await new Outage("out of memory", () => LimitAsync("1"), () => LimitAsync("0")) { Readiness = (200, "refuses writes"), Event = 711 }.RunAsync(group);

        Assert.All(run.AnswersToKnown(), static status => Assert.Equal(200, status));
        Assert.All(run.Answers(CallerKind.Exhausted), static status => Assert.Equal(429, status));
        Assert.All(run.Answers(CallerKind.Stranger), static status => Assert.Equal(401, status));
        Assert.All(run.Answers(CallerKind.Manager, from: TimeSpan.FromSeconds(0.5)), static status => Assert.Equal(503, status));

        Task LimitAsync(string bytes) => redis.AskAsync("CONFIG", "SET", "maxmemory", bytes);
    }

    [Fact]
    public async Task ScriptsFlushed_NobodyNotices()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var run = await Outage.Repeated("scripts flushed", () => redis.AskAsync("SCRIPT", "FLUSH")).RunAsync(group);

        Assert.All(Enum.GetValues<CallerKind>(), kind => Assert.All(run.Answers(kind), status => Assert.Equal(Clientele.Usual(kind), status)));
        Assert.All(group.Nodes, static node => Assert.DoesNotMatch("RedisLink", node.Output));
    }

    [Fact]
    public async Task ConnectionsReset_WhoIsKnownIsServed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 2);

        var run = await Outage.Repeated("connections reset", () => redis.AskAsync("CLIENT", "KILL", "TYPE", "normal")).RunAsync(group);

        Assert.All(run.AnswersToKnown(), static status => Assert.Equal(200, status));
    }
}
