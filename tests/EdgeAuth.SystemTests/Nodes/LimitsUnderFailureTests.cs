using System.Globalization;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Limits over three nodes of which one is killed and another is frozen for a while.</summary>
public sealed class LimitsUnderFailureTests
{
    private const int Rate = 100;
    private const int Quota = 300;
    private static readonly TimeSpan Per = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Limits_AreKept_WhenANodeIsKilled_AndAnotherIsFrozen()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.EndPoint, 3);
        var report = "";
        for (var round = 0; round < (Repository.Soak ? 10 : 1); round++)
        {
            report += await RunAsync(group, round);
        }

        await Reports.WriteAsync("node-limits-failures", report);
    }

    private static async Task<string> RunAsync(NodeGroup group, int round)
    {
        var rated = new RandomLoad(group.Probes, await group.CreateKeyAsync($"\"rate\":{Rate},\"per\":{Per.TotalSeconds}"));
        var counted = new RandomLoad(group.Probes, await group.CreateKeyAsync($"\"quota_max\":{Quota},\"quota_renewal_rate\":86400"));
        using var done = new CancellationTokenSource();
        var work = group.Nodes.SelectMany((node, i) => new[]
        {
            rated.RunAsync(node, 35, (10 * round) + i, done.Token),
            counted.RunAsync(node, 25, (10 * round) + i, done.Token),
        }).ToList();

        // In the middle of a run, a lease in hand.
        await Task.Delay(1500);
        await group.Nodes[2].KillAsync();
        await Task.Delay(700);
        await group.Nodes[1].FreezeAsync();
        await Task.Delay(1400);
        await group.Nodes[1].ThawAsync();
        await Task.Delay(3400);
        await done.CancelAsync();
        await Task.WhenAll(work);

        var calls = rated.Take();
        var worst = SlidingWindow.Worst(calls, Per);
        var used = counted.Take().Count(static call => call.Arrived is not null);
        var report = string.Create(
            CultureInfo.InvariantCulture,
            $"limits on 3 nodes, one killed and one frozen: at most {worst} within a window of {Rate}, {calls.Count} calls; {used} admitted of a quota of {Quota}\n");
        Assert.True(worst <= Rate && used <= Quota, report);
        Assert.True(worst > Rate / 2 && used > Quota / 2, "there was no load: " + report);
        await group.Nodes[2].StartAsync();
        return report;
    }
}
