using System.Globalization;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>One key under random load on three nodes at once: never more than its limits admit, and hardly less.</summary>
[Collection(ThreeNodes.Name)]
public sealed class LimitTests(ThreeNodes nodes)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Repository.Soak ? 95 : 20.5);

    // Rates: permits, seconds, and the least part of what is allowed that must be admitted.
    private static readonly (int Rate, int Per, double Least)[] Rates = Repository.Soak
        ? [(40, 2, 0.95), (120, 2, 0.95), (300, 5, 0.95), (400, 10, 0.98), (600, 30, 0.98)]
        : [(120, 2, 0.95), (400, 10, 0.98)];

    [Fact]
    public async Task Limits_AreKept_AndWhatTheyAllowIsAdmitted() => Assert.Empty(await SteadyMachine.MeasureAsync(MeasureAsync));

    // Returns what is wrong and might be the machine's fault.
    private async Task<string> MeasureAsync()
    {
        const int Quota = 500;
        using var done = new CancellationTokenSource();
        var loads = new List<(RandomLoad Load, Task Work)>();
        foreach (var (rate, per, _) in Rates)
        {
            loads.Add(await StartAsync($"\"rate\":{rate},\"per\":{per}", 2.0 * rate / per, done.Token));
        }

        var quota = await StartAsync($"\"quota_max\":{Quota},\"quota_renewal_rate\":86400", 100, done.Token);
        await Task.Delay(Duration);
        await done.CancelAsync();
        await Task.WhenAll(loads.Append(quota).Select(static load => load.Work));

        var (report, wrong) = ("", "");
        foreach (var ((load, _), (rate, seconds, least)) in loads.Zip(Rates))
        {
            var (calls, per) = (load.Take(), TimeSpan.FromSeconds(seconds));
            ShouldBeAnswered(calls);
            var (worst, share) = (SlidingWindow.Worst(calls, per), SlidingWindow.Share(calls, rate, per));
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"limits on 3 nodes: rate {rate} per {seconds} s, {calls.Count} calls: at most {worst} within a window; {100 * share:F1} % of what is allowed was admitted, {100 * SlidingWindow.ShareInTime(calls, rate, per):F1} % at any moment on average\n");
            Assert.True(worst <= rate, line);
            report += line;
            wrong += share < least ? line : "";
        }

        var asked = quota.Load.Take();
        ShouldBeAnswered(asked);
        var used = asked.Count(static call => call.Arrived is not null);
        await Reports.WriteAsync("node-limits", report + $"limits on 3 nodes: quota {Quota}, {asked.Count} calls: {used} admitted\n");
        Assert.Equal(Quota, used);
        return wrong;
    }

    private async Task<(RandomLoad Load, Task Work)> StartAsync(string limits, double perSecond, CancellationToken done)
    {
        var load = new RandomLoad(nodes.Group.Probes, await nodes.Group.CreateKeyAsync(limits));
        var work = nodes.Group.Nodes.Select((node, i) => load.RunAsync(node, perSecond / nodes.Group.Nodes.Count, i, done));
        return (load, Task.WhenAll(work));
    }

    private static void ShouldBeAnswered(IReadOnlyList<ProbedCall> calls) => Assert.All(calls, static call =>
        Assert.True(call.Status == (call.Arrived is null ? 429 : 200), $"{call.Status}, arrived: {call.Arrived is not null}"));
}
