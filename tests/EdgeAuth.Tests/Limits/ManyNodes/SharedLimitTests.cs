using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Limits.ManyNodes;

/// <summary>Rates and quotas that several nodes count together on a real Redis: what they admit, what they tell, and what they cost.</summary>
public sealed class SharedLimitTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("one a second", 1.0, 1.0)]
    [InlineData("one in five seconds", 1.0, 5.0)]
    [InlineData("pairs in two seconds", 1.0, 1.99, 0.01)]
    [InlineData("threes", 1.0, 2.9, 0.05, 0.05)]
    [InlineData("now and then a pair", 1.0, 3.0, 2.0, 4.0, 0.1, 5.0, 2.0)]
    [InlineData("five a second", 1.0, 0.2)]
    public async Task QuietKey_CostsAtMostATripARequest_ForRateAndQuotaTogether(string pattern, double trips, params double[] gaps)
    {
        const int Requests = 300;
        await using var nodes = await SharedNodes.StartAsync(1, Rate(1000, 10), new QuotaLimit(100_000, Hour));
        for (var i = 0; i < Requests; i++)
        {
            await nodes.PassAsync(TimeSpan.FromSeconds(gaps[i % gaps.Length]));
            Assert.Equal(LimitVerdict.Admitted, (await nodes.ChargeAsync(0)).Verdict);
        }

        Assert.True(nodes.Ledger.Trips <= trips * Requests, $"{pattern}: {nodes.Ledger.Trips} trips for {Requests} requests");
    }

    // As the promise defines a hot key: of each node a hundred requests a second, and under three quarters of the limits.
    [Theory]
    [InlineData(3, 1200, 2, 100)]
    [InlineData(3, 1200, 2, 149)]
    [InlineData(1, 400, 2, 140)]
    [InlineData(1, 400, 2, 149)]
    [InlineData(2, 24000, 60, 290)]
    [InlineData(1, 1_000_000, 1, 5000)]
    public async Task HotKey_CostsTwoTripsInAHundredRequests(int count, int rate, double per, int perSecond)
    {
        await using var nodes = await SharedNodes.StartAsync(count, Rate(rate, per), new QuotaLimit(10_000 * count, Hour));
        await ArriveAsync(nodes, count, perSecond, perSecond * count);
        var before = nodes.Ledger.Trips;
        var requests = Math.Min(5000, (7500 * count) - (perSecond * count));

        await ArriveAsync(nodes, count, perSecond, requests);

        Assert.InRange(nodes.Ledger.Trips - before, 1, requests / 50);
    }

    [Fact]
    public async Task KeyAtItsLimits_CostsNothing()
    {
        await using var nodes = await SharedNodes.StartAsync(3, Rate(60, 60), new QuotaLimit(1000, Hour));
        for (var i = 0; i < 300; i++)
        {
            await nodes.ChargeAsync(i % 3);
        }

        var before = nodes.Ledger.Trips;
        for (var i = 0; i < 3000; i++)
        {
            Assert.Equal(LimitVerdict.RateExceeded, (await nodes.ChargeAsync(i % 3)).Verdict);
        }

        Assert.Equal(before, nodes.Ledger.Trips);
    }

    [Fact]
    public async Task UsedUpQuota_CostsNothing_OnceNobodyHoldsPermits()
    {
        await using var nodes = await SharedNodes.StartAsync(3, rate: null, new QuotaLimit(100, Hour));
        var admitted = await DrainAsync(nodes, 100);
        Assert.Equal(100, admitted);

        var before = nodes.Ledger.Trips;
        for (var i = 0; i < 3000; i++)
        {
            await nodes.PassAsync(TimeSpan.FromMilliseconds(1));
            Assert.Equal(LimitVerdict.QuotaExceeded, (await nodes.ChargeAsync(i % 3)).Verdict);
        }

        Assert.Equal(before, nodes.Ledger.Trips);
    }

    // One node holds a lease while another is refused: what the first returns, the second must get.
    [Fact]
    public async Task PermitsThatANodeReturns_AreAdmittedByTheOthers()
    {
        await using var nodes = await SharedNodes.StartAsync(2, rate: null, new QuotaLimit(1000, Hour));
        await ArriveAsync(nodes, 1, 100, 30);
        var admitted = 30 + await AdmitAsync(nodes, node: 1, 2000);
        Assert.InRange(admitted, 800, 999);

        await nodes.PassAsync(TimeSpan.FromSeconds(20));
        admitted += await AdmitAsync(nodes, node: 1, 500);

        Assert.Equal(1000, admitted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task FiguresTold_AreExactOnOneNode_AndNeverTooHighOnSeveral(int count)
    {
        await using var nodes = await SharedNodes.StartAsync(count, Rate(400, 3600), new QuotaLimit(300, Hour));
        var random = new Random(count);
        for (var admitted = 1; admitted <= 300; admitted++)
        {
            await nodes.PassAsync(TimeSpan.FromMilliseconds(random.Next(0, 60)));
            var status = await nodes.ChargeAsync(random.Next(count));
            if (status.Verdict != LimitVerdict.Admitted)
            {
                // The last permits may be with another node.
                Assert.True(count > 1 && admitted > 250, $"{status.Verdict} after {admitted - 1}");
                break;
            }

            Assert.InRange(status.Quota.Remaining, count == 1 ? 300 - admitted : 0, 300 - admitted);
            Assert.InRange(status.Rate.Remaining, count == 1 ? 400 - admitted : 0, 400 - admitted);
        }
    }

    [Fact]
    public async Task RequestRefusedForItsQuota_IsNotChargedToTheRate()
    {
        await using var nodes = await SharedNodes.StartAsync(1, Rate(20, 60), new QuotaLimit(5, Hour));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(i < 5 ? LimitVerdict.Admitted : LimitVerdict.QuotaExceeded, (await nodes.ChargeAsync(0)).Verdict);
        }

        await nodes.All[0].Rates.ReturnAsync(all: true);
        var window = (RateLease)nodes.All[0].Rates.Find(new(KeyHash.Of("key").ToHex(), ""), TimeSpan.FromSeconds(60));
        var demand = window.BeginAsk(20, nodes.Time.GetTimestamp());
        var (rate, _) = await nodes.Ledger.LeaseAsync(demand, quota: null, CancellationToken.None);
        Assert.Equal(14, rate.Free);
    }

    [Fact]
    public async Task RequestsAtOnce_ShareATrip_AndBeyondTheMostThatWaitAreUnavailable()
    {
        await using var nodes = await SharedNodes.StartAsync(1, Rate(10_000, 60), new QuotaLimit(100_000, Hour));
        var held = new TaskCompletionSource();
        nodes.Ledger.Before = () => held.Task;

        var racing = Enumerable.Range(0, 1500).Select(_ => nodes.ChargeAsync(0)).ToList();
        held.SetResult();
        var verdicts = (await Task.WhenAll(racing)).CountBy(static status => status.Verdict).ToDictionary();

        Assert.Equal((1024, 476), (verdicts[LimitVerdict.Admitted], verdicts[LimitVerdict.Unavailable]));
        Assert.InRange(nodes.Ledger.Trips, 1, 12);
    }

    // Whatever the pattern: a lease that goes back unspent is asked for only after several that were spent.
    [Fact]
    public Task NoPattern_CostsMoreThanSixTripsInFiveRequests() => Properties.HoldsAsync(
        Gen.OneOf(Gen.Choose(0, 60), Gen.Choose(0, 300), Gen.Choose(0, 6000)).ArrayOf().Where(static gaps => gaps.Length > 0),
        25,
        async gaps =>
        {
            await using var nodes = await SharedNodes.StartAsync(1, Rate(1000, 10), new QuotaLimit(100_000, Hour));
            foreach (var milliseconds in gaps)
            {
                await nodes.PassAsync(TimeSpan.FromMilliseconds(milliseconds));
                await nodes.ChargeAsync(0);
            }

            await nodes.PassAsync(TimeSpan.FromSeconds(3));
            Assert.InRange(nodes.Ledger.Trips, 1, gaps.Length + 2 + (gaps.Length / 5));
        });

    private static RateLimit Rate(long permits, double seconds) => new(permits, TimeSpan.FromSeconds(seconds));

    // Requests at an even pace on each of the first nodes.
    private static async Task ArriveAsync(SharedNodes nodes, int count, int perSecond, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await nodes.PassAsync(TimeSpan.FromSeconds(1.0 / (perSecond * count)));
            Assert.Equal(LimitVerdict.Admitted, (await nodes.ChargeAsync(i % count)).Verdict);
        }
    }

    private static async Task<int> AdmitAsync(SharedNodes nodes, int node, int requests)
    {
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            admitted += (await nodes.ChargeAsync(node)).Verdict == LimitVerdict.Admitted ? 1 : 0;
        }

        return admitted;
    }

    private static async Task<int> DrainAsync(SharedNodes nodes, int permits)
    {
        var admitted = 0;
        for (var i = 0; i < 100 * permits; i++)
        {
            await nodes.PassAsync(TimeSpan.FromMilliseconds(5));
            admitted += (await nodes.ChargeAsync(i % nodes.All.Count)).Verdict == LimitVerdict.Admitted ? 1 : 0;
        }

        return admitted;
    }
}
