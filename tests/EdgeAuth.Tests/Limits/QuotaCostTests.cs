using EdgeAuth.Limits;
using EdgeAuth.Tests.TestHost;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Limits;

/// <summary>What a quota costs in calls to the ledger, by the pattern in which requests arrive (design: cost).</summary>
public sealed class QuotaCostTests : QuotaOfOneKey
{
    private static readonly TimeSpan Idle = new LimitsOptions().LeaseIdle;

    private protected override long Maximum => 1_000_000;

    private int Trips => Ledger.Demands.Count + Ledger.Returns.Count;

    // Each pattern is repeated: the seconds before each of its requests.
    [Theory]
    [InlineData("one a second", 1.0, 1.0)]
    [InlineData("one in two seconds", 1.0, 2.0)]
    [InlineData("one in three seconds", 1.0, 3.0)]
    [InlineData("one in five seconds", 1.0, 5.0)]
    [InlineData("pairs in two seconds", 1.0, 1.99, 0.01)]
    [InlineData("pairs in five seconds", 1.0, 4.99, 0.01)]
    [InlineData("threes", 1.0, 2.9, 0.05, 0.05)]
    [InlineData("now and then a pair", 1.0, 3.0, 2.0, 4.0, 0.1, 5.0, 2.0)]
    [InlineData("bursts of twenty", 0.3, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)]
    [InlineData("five a second", 0.04, 0.2)]
    [InlineData("a hundred a second", 0.01, 0.01)]
    public async Task Request_CostsAtMost(string pattern, double trips, params double[] gaps)
    {
        const int Requests = 2000;
        for (var i = 0; i < Requests; i++)
        {
            await ArriveAsync(gaps[i % gaps.Length]);
        }

        Assert.True(Trips <= trips * Requests, $"{pattern}: {Ledger.Demands.Count} leases and {Ledger.Returns.Count} returns for {Requests} requests");
    }

    [Fact]
    public async Task HotKey_CostsTwoTripsInAHundredRequests_FromTheSecondHundredOn()
    {
        for (var hundred = 0; hundred < 20; hundred++)
        {
            var before = Trips;
            for (var i = 0; i < 100; i++)
            {
                await ArriveAsync(0.01);
            }

            Assert.InRange(Trips - before, 0, hundred == 0 ? 5 : 2);
        }
    }

    [Fact]
    public async Task RequestsAtOnce_ShareOneLease()
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => SpendAsync()));
        var first = Trips;
        for (var i = 0; i < 20; i++)
        {
            await PassAsync(3);
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => SpendAsync()));
        }

        Assert.InRange(first, 1, 2);
        Assert.InRange(Trips, 21, 42);
        Assert.Empty(Ledger.Returns);
    }

    [Fact]
    public async Task Returns_AreMeasured()
    {
        await SpendSomeAsync();
        await PassAsync(2);

        Assert.Single(Ledger.Returns);
        Assert.Equal(1, Node.Meters.Read(LimitsMetrics.MeterName, "edgeauth.limits.returns").Values.Sum());
    }

    // Whatever the pattern: a lease is returned at most once for every five requests, and every other trip brings a permit that is spent.
    [Fact]
    public Task NoPattern_CostsMoreThanSixTripsInFiveRequests() => Properties.HoldsAsync(
        Gen.OneOf(Gen.Choose(0, 300), Gen.Choose(0, 6000)).ArrayOf().Where(static gaps => gaps.Length > 0),
        40,
        async gaps =>
        {
            var before = (Leases: Ledger.Demands.Count, Returns: Ledger.Returns.Count);
            await PassAsync(10);
            foreach (var milliseconds in gaps)
            {
                await ArriveAsync(milliseconds / 1000.0);
            }

            Assert.InRange(Ledger.Demands.Count - before.Leases, 0, gaps.Length);
            Assert.InRange(Ledger.Returns.Count - before.Returns, 0, 1 + (gaps.Length / 5));
        });

    // Time passes as the keeper sees it: twice in the idle time it returns what is idle.
    private async Task PassAsync(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero;)
        {
            var untilTick = TimeSpan.FromTicks((Idle / 2).Ticks - (Time.GetUtcNow().Ticks % (Idle / 2).Ticks));
            var step = left < untilTick ? left : untilTick;
            Time.Advance(step);
            left -= step;
            if (step == untilTick)
            {
                await Node.Quotas.ReturnIdleAsync(Time.GetTimestamp() - (long)(Idle.TotalSeconds * Time.TimestampFrequency));
            }
        }
    }

    private async Task ArriveAsync(double secondsAfter)
    {
        await PassAsync(secondsAfter);
        Assert.Equal(QuotaOutcome.Spent, (await SpendAsync()).Outcome);
    }
}
