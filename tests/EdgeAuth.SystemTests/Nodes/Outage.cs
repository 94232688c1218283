using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Something that happens to Redis and is put right after a while, with callers of every kind there all the time.</summary>
/// <param name="Name">In the report.</param>
/// <param name="BreakAsync">Makes it happen.</param>
/// <param name="HealAsync">Puts it right.</param>
internal sealed record Outage(string Name, Func<Task> BreakAsync, Func<Task> HealAsync)
{
    /// <summary>How long such things last in a test.</summary>
    public static readonly TimeSpan AWhile = TimeSpan.FromSeconds(Repository.Soak ? 8 : 2);

    private static readonly TimeSpan Around = TimeSpan.FromMilliseconds(400);

    public TimeSpan Lasting { get; init; } = AWhile;

    /// <summary>Keys made before are not there afterwards.</summary>
    public bool LosesKeys { get; init; }

    /// <summary>What <c>/ready</c> answers meanwhile, and a text that is in it; null where that changes all the time.</summary>
    public (int Status, string Text)? Readiness { get; init; } = (503, "Redis is down");

    /// <summary>The event that is logged once when it begins, as another is once it is over; null where each of many may be one of its own.</summary>
    public int? Event { get; init; } = 710;

    /// <summary>The same small damage over and over.</summary>
    public static Outage Repeated(string name, Func<Task> damage)
    {
        var (done, work) = (new CancellationTokenSource(), Task.CompletedTask);
        return new Outage(name, Break, HealAsync) { Readiness = null, Event = null };

        Task Break()
        {
            work = RepeatAsync();
            return Task.CompletedTask;
        }

        async Task RepeatAsync()
        {
            while (!done.IsCancellationRequested)
            {
                await damage();
                await Task.Delay(50, CancellationToken.None);
            }
        }

        async Task HealAsync()
        {
            await done.CancelAsync();
            await work;
            done.Dispose();
        }
    }

    /// <summary>Plays it, holds every answer to what may be answered at all, and reports.</summary>
    public async Task<OutageRun> RunAsync(NodeGroup group)
    {
        await using var clientele = await Clientele.StartAsync(group);
        await Task.Delay(Around);
        var broken = Stopwatch.GetTimestamp();
        await BreakAsync();
        await Task.Delay(Lasting);
        await group.EachAsync(ShouldSayAsync);
        var healed = Stopwatch.GetTimestamp();
        await HealAsync();
        await group.EachAsync(node => NodeGroup.UntilAsync("all is well again", () => IsWellAsync(group, node)));
        var well = Stopwatch.GetTimestamp();
        await Task.Delay(Around);
        await clientele.StopAsync();

        var end = Stopwatch.GetTimestamp();
        var report = clientele.Report(Name, ("meanwhile", broken, healed), ("until all was well again", healed, well));
        await Reports.WriteAsync("node-outage-" + Name.Replace(' ', '-'), report);
        clientele.ShouldBeAnsweredProperly(report, LosesKeys);
        foreach (var kind in Enum.GetValues<CallerKind>())
        {
            var later = LosesKeys && kind != CallerKind.Manager ? 401 : Clientele.Usual(kind);
            Assert.All(clientele.Calls(kind, 0, broken).Where(call => call.Ended < broken), call => Assert.True(call.Status == Clientele.Usual(kind), report));
            Assert.All(clientele.Calls(kind, well, end), call => Assert.True(call.Status == later, report));
        }

        Assert.All(group.Nodes, ShouldHaveLogged);
        return new OutageRun(clientele, broken, healed);
    }

    private void ShouldHaveLogged(GatewayProcess node)
    {
        var (began, over) = (Regex.Count(node.Output, $@"RedisLink\[({Event ?? 710})\]"), Regex.Count(node.Output, @"RedisLink\[712\]"));
        Assert.True(began == over && (Event is null || began == 1), node.Output);
        Assert.DoesNotMatch("(fail|crit): (?!EdgeAuth.Storage.Redis.RedisLink)", node.Output);
    }

    private async Task ShouldSayAsync(GatewayProcess node)
    {
        if (Readiness is var (status, text))
        {
            using var ready = await node.Http.GetAsync("/ready");
            Assert.Equal(status, (int)ready.StatusCode);
            Assert.Contains(text, await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    // A key made here is served everywhere, with limits, and every node says that nothing is wrong.
    private static async Task<bool> IsWellAsync(NodeGroup group, GatewayProcess node)
    {
        var (status, body) = await node.ManageAsync("POST", "/tyk/keys/create", JsonNode.Parse("""{"rate":10,"per":1,"quota_max":10,"access_rights":{"items":{"api_id":"items"}}}""")!);
        if (status != 200)
        {
            return false;
        }

        var key = JsonElement.Parse(body).GetProperty("key").GetString()!;
        foreach (var other in group.Nodes)
        {
            var ready = await other.Http.GetStringAsync("/hello");
            if (!ready.Contains("\"status\":\"pass\"", StringComparison.Ordinal) || (await other.CallAsync("/items/x", key)).Status != 200)
            {
                return false;
            }
        }

        return true;
    }
}
