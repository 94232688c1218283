using System.Globalization;
using System.Text.RegularExpressions;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What limits cost Redis: calls as it counts them itself, less those that nodes make with nobody calling them.</summary>
[Collection(ThreeNodes.Name)]
public sealed partial class CostTests(ThreeNodes nodes)
{
    // Nodes read the change log about three times a second and tell of themselves every second; one interval may have a few of these more than another.
    private const double Jitter = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(Repository.Soak ? 30 : 3.5);
    private static readonly HashSet<string> CalledByScripts = FindCalledByScripts();

    [Fact]
    public async Task HotKey_CostsAtMostTwoRoundTripsPerHundredRequests_AndAKeyAtItsLimitNone()
    {
        // What was in use before is given back first.
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        var idle = await CountAsync(static () => Task.Delay(Interval));

        var report = await RunHotAsync("hot key", """ "rate":1200,"per":2,"quota_max":30000,"quota_renewal_rate":86400 """, 100, idle)
            + await RunHotAsync("very high rate", """ "rate":1000000,"per":1 """, 150, idle)
            + await RunExhaustedAsync(idle);

        await Reports.WriteAsync("node-cost", report + $"cost on 3 nodes: {idle} round trips in {Interval.TotalSeconds} s with nobody calling\n");
    }

    private async Task<string> RunHotAsync(string name, string limits, double perSecondAndNode, double idle)
    {
        var report = "";
        var wrong = await SteadyMachine.MeasureAsync(async () =>
        {
            var load = new RandomLoad(nodes.Group.Probes, await nodes.Group.CreateKeyAsync(limits));
            await RunAsync(load, perSecondAndNode, TimeSpan.FromSeconds(1));
            load.Take();

            var trips = await CountAsync(() => RunAsync(load, perSecondAndNode, Interval)) - idle;

            var calls = load.Take();
            Assert.All(calls, static call => Assert.Equal(200, call.Status));
            Assert.True(calls.Count > 2 * perSecondAndNode * Interval.TotalSeconds, "there was no load");
            report = string.Create(CultureInfo.InvariantCulture, $"cost on 3 nodes, {name}: {trips} round trips for {calls.Count} requests, {100 * trips / calls.Count:F2} per 100\n");
            return trips <= (calls.Count * 0.02) + Jitter ? "" : report;
        });
        Assert.Empty(wrong);
        return report;
    }

    private async Task<string> RunExhaustedAsync(double idle)
    {
        var loads = new List<RandomLoad>();
        foreach (var limits in new[] { "\"rate\":3,\"per\":600", "\"quota_max\":3,\"quota_renewal_rate\":86400", "\"rate\":3,\"per\":600,\"quota_max\":3,\"quota_renewal_rate\":86400" })
        {
            loads.Add(new RandomLoad(nodes.Group.Probes, await nodes.Group.CreateKeyAsync(limits)));
        }

        await Task.WhenAll(loads.Select(load => RunAsync(load, 40, TimeSpan.FromSeconds(0.5))));
        Assert.All(loads, static load => Assert.Equal(3, load.Take().Count(static call => call.Status == 200)));

        var trips = await CountAsync(() => Task.WhenAll(loads.Select(load => RunAsync(load, 40, Interval)))) - idle;

        var calls = loads.SelectMany(static load => load.Take()).ToList();
        var report = $"cost on 3 nodes, keys at their rate, their quota and both: {trips} round trips for {calls.Count} requests\n";
        Assert.All(calls, static call => Assert.Equal(429, call.Status));
        Assert.True(calls.Count > 240 * Interval.TotalSeconds, "there was no load");
        Assert.True(trips <= Jitter, report);
        return report;
    }

    private async Task RunAsync(RandomLoad load, double perSecond, TimeSpan duration)
    {
        using var done = new CancellationTokenSource(duration);
        await Task.WhenAll(nodes.Group.Nodes.Select((node, i) => load.RunAsync(node, perSecond, i, done.Token)));
    }

    // What nodes send: scripts, and whatever is not called by scripts alone. The sweeper, who comes now and then, reads two ranges with each of his.
    private async Task<double> CountAsync(Func<Task> work)
    {
        await nodes.Redis.AskAsync("CONFIG", "RESETSTAT");
        await work();
        var commands = await nodes.Redis.CommandsAsync();
        var sent = commands.Where(static command => !CalledByScripts.Contains(command.Key) && command.Key is not ("config|resetstat" or "info")).Sum(static command => command.Value);
        return sent - (commands.GetValueOrDefault("zrangebyscore") / 2);
    }

    private static HashSet<string> FindCalledByScripts()
    {
        var scripts = Directory.GetFiles(Path.Combine(Repository.Root, "src/EdgeAuth/Storage/Redis/Scripts"), "*.lua");
        var called = scripts.SelectMany(static script => RedisCall().Matches(File.ReadAllText(script))).Select(static call => call.Groups[1].Value.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("time", called);
        return called;
    }

    [GeneratedRegex(@"redis\.p?call\(\s*'(\w+)'")]
    private static partial Regex RedisCall();
}
