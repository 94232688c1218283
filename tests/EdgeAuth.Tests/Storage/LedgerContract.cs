using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage;

/// <summary>What every ledger does with quotas, whichever it is.</summary>
public abstract class LedgerContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CounterId Counter = new("owner", "");
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private Func<Task> _closeAsync = null!;

    private protected FakeTime Time { get; } = new();

    private protected ILedger Ledger { get; private set; } = null!;

    public async Task InitializeAsync() => (Ledger, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    [Theory]
    [InlineData(1000, 1, 1)]
    [InlineData(1000, 40, 40)]
    [InlineData(1000, 100, 100)]
    [InlineData(1000, 101, 100)]
    [InlineData(1000, 5000, 100)]
    [InlineData(19, 5, 1)]
    [InlineData(9, 5, 1)]
    [InlineData(1, 5, 1)]
    [InlineData(1000, 0, 1)]
    public async Task Lease_IsWhatIsWanted_ButAtMostATenthOfWhatIsLeft_AndAtLeastOne(long maximum, long wanted, long granted)
    {
        var grant = await LeaseAsync(maximum, wanted);

        Assert.Equal(granted, grant.Granted);
        Assert.Equal(granted, grant.Used);
    }

    [Fact]
    public async Task Lease_CountsWhatIsLeft_AfterWhatWasGranted()
    {
        foreach (var granted in new long[] { 100, 90, 81, 72 })
        {
            Assert.Equal(granted, (await LeaseAsync(1000, 5000)).Granted);
        }

        Assert.Equal(343, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Lease_CountsAsUsed_BeforeAnythingOfItIsSpent()
    {
        var grant = await LeaseAsync(1000, 50);

        Assert.Equal(new QuotaReading(50, grant.PeriodEnds), await ReadAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(250)]
    public async Task Leases_NeverGrantMoreThanTheMaximum_AndAllOfIt(long maximum)
    {
        long total = 0;
        QuotaGrant grant;
        while ((grant = await LeaseAsync(maximum, 1000)).Granted > 0)
        {
            total += grant.Granted;
            Assert.Equal(total, grant.Used);
            Assert.InRange(total, 1, maximum);
        }

        Assert.Equal(maximum, total);
        Assert.Equal(maximum, grant.Used);
        Assert.Equal(maximum, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Leases_NeverGrantMoreThanTheMaximum_WhenManyRace()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Task.Run(async () => await LeaseAsync(40, 3))));

        Assert.Equal(40, grants.Sum(static grant => grant.Granted));
        Assert.Equal(40, (await ReadAsync())!.Used);
        var leases = grants.Where(static grant => grant.Granted > 0).Select(static grant => grant.LeaseId).ToList();
        Assert.Equal(leases.Count, leases.Distinct().Count());
    }

    [Fact]
    public async Task Counters_AreApart_ByOwnerAndByScope()
    {
        await LeaseAsync(10, 1);
        await LeaseAsync(10, 1, new CounterId("owner", "api"));
        await LeaseAsync(10, 1, new CounterId("owner", "api"));
        await LeaseAsync(10, 1, new CounterId("other", ""));

        Assert.Equal(1, (await ReadAsync())!.Used);
        Assert.Equal(2, (await ReadAsync(new CounterId("owner", "api")))!.Used);
        Assert.Equal(1, (await ReadAsync(new CounterId("other", "")))!.Used);
        Assert.Null(await ReadAsync(new CounterId("other", "api")));
    }

    [Fact]
    public async Task Return_FreesWhatWasNotSpent()
    {
        var grant = await LeaseAsync(100, 10);

        await Ledger.ReturnAsync(Counter, new QuotaReturn(grant.LeaseId, 7), None);

        Assert.Equal(3, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Return_IsAppliedOnce_WhicheverWayItComes()
    {
        var grant = await LeaseAsync(100, 10);
        await LeaseAsync(100, 5);
        var back = new QuotaReturn(grant.LeaseId, 7);

        await Ledger.ReturnAsync(Counter, back, None);
        await Ledger.ReturnAsync(Counter, back, None);
        Assert.Equal(8, (await ReadAsync())!.Used);

        Assert.Equal(9, (await LeaseAsync(100, 1, giveBack: back)).Used);
    }

    [Fact]
    public async Task Return_IsAppliedOnce_WhenManyRace()
    {
        var grant = await LeaseAsync(100, 10);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await Ledger.ReturnAsync(Counter, new QuotaReturn(grant.LeaseId, 10), None))));

        Assert.Equal(0, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Return_IsIgnored_WhenTheLeaseIsOfAnotherCounter()
    {
        var grant = await LeaseAsync(100, 10);
        var scoped = new CounterId("owner", "api");
        await LeaseAsync(100, 10, scoped);

        await Ledger.ReturnAsync(scoped, new QuotaReturn(grant.LeaseId, 10), None);

        Assert.Equal(10, (await ReadAsync(scoped))!.Used);
        Assert.Equal(10, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Refill_TakesTheOldLeaseBackBeforeItGrants()
    {
        var first = await LeaseAsync(10, 1);
        var second = await LeaseAsync(1, 1, giveBack: new QuotaReturn(first.LeaseId, 1));

        Assert.Equal((1, 1), (second.Granted, second.Used));
    }

    [Fact]
    public async Task Refill_EndsTheOldLease_AlsoWhenNothingOfItIsLeft()
    {
        var first = await LeaseAsync(100, 10);
        await LeaseAsync(100, 1, giveBack: new QuotaReturn(first.LeaseId, 0));

        await Ledger.ReturnAsync(Counter, new QuotaReturn(first.LeaseId, 10), None);

        Assert.Equal(11, (await ReadAsync())!.Used);
    }

    // What was spent of a lease may be given back to the one that continues it: so it must be told apart from one that was void already.
    [Fact]
    public async Task Refill_ContinuesALease_WhileItIsGood()
    {
        var first = await LeaseAsync(2, 1);
        Assert.False(first.Continues);

        var second = await LeaseAsync(2, 1, giveBack: new QuotaReturn(first.LeaseId, 0));
        Assert.Equal((1, true), (second.Granted, second.Continues));

        var empty = await LeaseAsync(2, 1, giveBack: new QuotaReturn(second.LeaseId, 0));
        Assert.Equal((0, true), (empty.Granted, empty.Continues));

        // A permit of the second, given back to the empty one, is free again.
        var third = await LeaseAsync(2, 1, giveBack: new QuotaReturn(empty.LeaseId, 1));
        Assert.Equal((1, 2, true), (third.Granted, third.Used, third.Continues));

        Assert.False((await LeaseAsync(2, 1, giveBack: new QuotaReturn(empty.LeaseId, 1))).Continues);
        Assert.Equal(0, (await LeaseAsync(2, 1)).LeaseId);
    }

    [Fact]
    public async Task Refill_ContinuesNoLease_OfAnEndedPeriodOrOfAResetCounter()
    {
        var old = await LeaseAsync(100, 10);
        Time.Advance(Hour);
        var next = await LeaseAsync(100, 10, giveBack: new QuotaReturn(old.LeaseId, 0));
        Assert.False(next.Continues);

        await Ledger.ResetAsync("owner", None);
        Assert.False((await LeaseAsync(100, 10, giveBack: new QuotaReturn(next.LeaseId, 0))).Continues);
    }

    [Fact]
    public async Task LoweredMaximum_ActsOnTheRunningCounter()
    {
        await LeaseAsync(100, 10);

        var refused = await LeaseAsync(10, 1);
        Assert.Equal((0, 10), (refused.Granted, refused.Used));
        Assert.Equal(0, (await LeaseAsync(3, 1)).Granted);
        Assert.Equal(10, (await ReadAsync())!.Used);

        var last = await LeaseAsync(11, 5);
        Assert.Equal((1, 11), (last.Granted, last.Used));
    }

    [Fact]
    public async Task RaisedMaximum_ActsOnTheRunningCounter()
    {
        await LeaseAsync(1, 1);
        Assert.Equal(0, (await LeaseAsync(1, 1)).Granted);

        var grant = await LeaseAsync(1000, 5000);

        Assert.Equal((99, 100), (grant.Granted, grant.Used));
    }

    [Fact]
    public async Task Period_StartsWithTheFirstGrant_AndEndsToTheMoment()
    {
        Time.Advance(TimeSpan.FromMilliseconds(123));
        Assert.Null(await ReadAsync());
        var started = Time.GetUtcNow();
        var first = await LeaseAsync(1, 1);
        Assert.Equal((started + Hour, Hour), (first.PeriodEnds, first.PeriodLeft));

        Time.Advance(Hour - TimeSpan.FromMilliseconds(1));
        var refused = await LeaseAsync(1, 1);
        Assert.Equal((0, started + Hour, TimeSpan.FromMilliseconds(1)), (refused.Granted, refused.PeriodEnds, refused.PeriodLeft));
        Assert.Equal(new QuotaReading(1, started + Hour), await ReadAsync());

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReadAsync());
        Time.Advance(TimeSpan.FromMinutes(5));
        var anew = await LeaseAsync(1, 1);
        Assert.Equal((1, 1, Time.GetUtcNow() + Hour), (anew.Granted, anew.Used, anew.PeriodEnds));
    }

    // A node keeps its lease until the end that the grant named: no other answer may name an earlier one.
    [Fact]
    public async Task Period_EndsAtOneInstant_WhoeverAsks()
    {
        Time.Advance(TimeSpan.FromTicks(9_999));
        var first = await LeaseAsync(100, 1);

        Assert.Equal(first.PeriodEnds, (await ReadAsync())!.PeriodEnds);
        Assert.Equal(first.PeriodEnds, (await LeaseAsync(100, 1)).PeriodEnds);
        Assert.Equal(first.PeriodEnds, Time.GetUtcNow() + first.PeriodLeft);
        Assert.InRange((first.PeriodLeft!.Value - Hour).Ticks, -TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMillisecond);
    }

    [Fact]
    public async Task Period_KeepsItsLength_WhenTheSettingChangesMeanwhile()
    {
        var first = await LeaseAsync(100, 1);

        Assert.Equal(first.PeriodEnds, (await LeaseAsync(100, 1, period: TimeSpan.FromSeconds(1))).PeriodEnds);
        Assert.Equal(first.PeriodEnds, (await LeaseAsync(100, 1, period: Timeout.InfiniteTimeSpan)).PeriodEnds);

        Time.Advance(Hour);
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromSeconds(1), (await LeaseAsync(100, 1, period: TimeSpan.FromSeconds(1))).PeriodEnds);
    }

    [Fact]
    public async Task Period_NeverEnds_WhereNoneIsGiven()
    {
        var first = await LeaseAsync(1, 1, period: Timeout.InfiniteTimeSpan);
        Assert.Equal((1, null, null), (first.Granted, first.PeriodEnds, first.PeriodLeft));

        Time.Advance(TimeSpan.FromDays(20_000));

        Assert.Equal(new QuotaReading(1, null), await ReadAsync());
        Assert.Equal(0, (await LeaseAsync(1, 1, period: Timeout.InfiniteTimeSpan)).Granted);
    }

    [Fact]
    public async Task LeaseOfAnEndedPeriod_FreesNothing()
    {
        var old = await LeaseAsync(100, 10);
        var older = await LeaseAsync(100, 5);
        Time.Advance(Hour);
        await Ledger.ReturnAsync(Counter, new QuotaReturn(older.LeaseId, 5), None);
        Assert.Null(await ReadAsync());

        var grant = await LeaseAsync(100, 10, giveBack: new QuotaReturn(old.LeaseId, 10));
        Assert.Equal((10, 10), (grant.Granted, grant.Used));

        await Ledger.ReturnAsync(Counter, new QuotaReturn(old.LeaseId, 10), None);
        Assert.Equal(10, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Reset_EndsThePeriodOfEveryScope_AndOfNoOtherOwner()
    {
        await LeaseAsync(10, 1);
        await LeaseAsync(10, 1, new CounterId("owner", "api"));
        await LeaseAsync(10, 1, new CounterId("owner2", ""));

        await Ledger.ResetAsync("owner", None);

        Assert.Null(await ReadAsync());
        Assert.Null(await ReadAsync(new CounterId("owner", "api")));
        Assert.Equal(1, (await ReadAsync(new CounterId("owner2", "")))!.Used);
    }

    [Fact]
    public async Task Reset_StartsANewPeriodWithTheNextGrant()
    {
        await LeaseAsync(1, 1);
        Time.Advance(TimeSpan.FromMinutes(10));

        await Ledger.ResetAsync("owner", None);
        Time.Advance(TimeSpan.FromMinutes(1));

        var grant = await LeaseAsync(1, 1);
        Assert.Equal((1, 1, Time.GetUtcNow() + Hour), (grant.Granted, grant.Used, grant.PeriodEnds));
    }

    [Fact]
    public async Task LeaseFromBeforeAReset_FreesNothing()
    {
        var old = await LeaseAsync(100, 10);
        var older = await LeaseAsync(100, 5);

        await Ledger.ResetAsync("owner", None);
        Assert.Equal(10, (await LeaseAsync(100, 10, giveBack: new QuotaReturn(old.LeaseId, 10))).Used);
        await Ledger.ReturnAsync(Counter, new QuotaReturn(older.LeaseId, 5), None);

        Assert.Equal(10, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Reset_OfWhatWasNeverCounted_DoesNothing()
    {
        await Ledger.ResetAsync("nobody", None);

        Assert.Equal(1, (await LeaseAsync(1, 1)).Granted);
    }

    private protected abstract Task<Opened<ILedger>> OpenAsync();

    private async Task<QuotaGrant> LeaseAsync(long maximum, long wanted, CounterId? counter = null, TimeSpan? period = null, QuotaReturn? giveBack = null) =>
        await Ledger.LeaseAsync(new QuotaDemand(counter ?? Counter, maximum, period == Timeout.InfiniteTimeSpan ? null : period ?? Hour, wanted, giveBack), None);

    private async Task<QuotaReading?> ReadAsync(CounterId? counter = null) => await Ledger.ReadAsync(counter ?? Counter, None);
}
