using System.Globalization;
using System.Text.RegularExpressions;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What limits cost Redis: calls as it counts them itself, less those that nodes make with nobody calling them.</summary>
[Collection(ThreeNodes.Name)]
public sealed partial class CostTests(ThreeNodes nodes) : IAsyncLifetime
{
    // Nodes read the change log about three times a second; in one interval there may be a few reads more than in another.
    private const double Jitter = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(Repository.Soak ? 30 : 4);
    private static readonly HashSet<string> CalledByScripts = FindCalledByScripts();

    private double _idle;

    // What the calls made before have left behind is settled first.
    public async Task InitializeAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        _idle = await CountAsync(static () => Task.Delay(Interval));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("hot key", """ "rate":1200,"per":2,"quota_max":30000,"quota_renewal_rate":86400 """, 100)]
    [InlineData("very high rate", """ "rate":1000000,"per":1 """, 150)]
    public async Task HotKey_CostsAtMostTwoRoundTrips_PerHundredRequests(string name, string limits, double perSecondAndNode)
    {
        var load = new RandomLoad(nodes.Group.Probes, await nodes.Group.CreateKeyAsync(limits));
        await RunAsync(load, perSecondAndNode, TimeSpan.FromSeconds(1));
        load.Take();

        var trips = await CountAsync(() => RunAsync(load, perSecondAndNode, Interval)) - _idle;

        var calls = load.Take();
        Assert.All(calls, static call => Assert.Equal(200, call.Status));
        Assert.True(calls.Count > 2 * perSecondAndNode * Interval.TotalSeconds, "there was no load");
        await ReportAsync(name, trips, calls.Count);
        Assert.True(trips <= (calls.Count * 0.02) + Jitter, $"{trips} round trips for {calls.Count} requests, and {_idle} with nobody calling");
    }

    [Theory]
    [InlineData("key at its rate", """ "rate":3,"per":600 """)]
    [InlineData("key at its quota", """ "quota_max":3,"quota_renewal_rate":86400 """)]
    [InlineData("key at both", """ "rate":3,"per":600,"quota_max":3,"quota_renewal_rate":86400 """)]
    public async Task KeyAtItsLimit_CostsNothing(string name, string limits)
    {
        var load = new RandomLoad(nodes.Group.Probes, await nodes.Group.CreateKeyAsync(limits));
        await RunAsync(load, 40, TimeSpan.FromSeconds(0.5));
        Assert.Equal(3, load.Take().Count(static call => call.Status == 200));

        var trips = await CountAsync(() => RunAsync(load, 100, Interval)) - _idle;

        var calls = load.Take();
        Assert.All(calls, static call => Assert.Equal(429, call.Status));
        Assert.True(calls.Count > 200 * Interval.TotalSeconds, "there was no load");
        await ReportAsync(name, trips, calls.Count);
        Assert.True(trips <= Jitter, $"{trips} round trips for {calls.Count} requests, and {_idle} with nobody calling");
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

    private Task ReportAsync(string name, double trips, int calls) => Reports.WriteAsync(
        "node-cost-" + name.Replace(' ', '-'),
        string.Create(CultureInfo.InvariantCulture, $"cost on 3 nodes, {name}: {trips} round trips for {calls} requests, {100 * trips / calls:F2} per 100; {_idle} in the same time with nobody calling\n"));

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
