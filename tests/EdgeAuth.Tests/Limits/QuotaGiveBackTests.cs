using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Storage;

namespace EdgeAuth.Tests.Limits;

/// <summary>Permits that are given back, because a later step refused the request: they count for nothing, and for nothing more than once.</summary>
public sealed class QuotaGiveBackTests : QuotaOfOneKey
{
    private protected override long Maximum => 30;

    [Fact]
    public async Task LastPermit_GivenBack_IsSpentByTheNext_WithoutAskingTheLedger()
    {
        var series = await SpendToTheEndAsync();
        var asked = Ledger.Demands.Count;
        Assert.Equal(QuotaOutcome.Refused, (await SpendAsync()).Outcome);

        Counter.GiveBack(series, Now);

        Assert.Equal(QuotaOutcome.Spent, (await SpendAsync()).Outcome);
        Assert.Equal(QuotaOutcome.Refused, (await SpendAsync()).Outcome);
        Assert.Equal(asked, Ledger.Demands.Count);
        Assert.Equal(Maximum, await UsedAsync());
    }

    [Fact]
    public async Task PermitGivenBack_WhileTheLedgerIsAsked_IsNotLost()
    {
        var series = (await SpendOneAsync()).Series;
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ledger.Before = () =>
        {
            reached.TrySetResult();
            return hold.Task;
        };
        var asking = SpendAsync();
        await reached.Task;

        Counter.GiveBack(series, Now);
        hold.SetResult();

        Assert.Equal(QuotaOutcome.Spent, (await asking).Outcome);
        Assert.Equal(1, await UsedAsync());
        Assert.Equal(Maximum - 1, await SpendAllAsync());
    }

    [Fact]
    public async Task PermitGivenBack_AfterAFailedCall_IsNotLost()
    {
        var series = (await SpendOneAsync()).Series;
        Ledger.Before = static () => Task.FromException(new StoreUnavailableException("gone"));
        await Assert.ThrowsAsync<StoreUnavailableException>(SpendAsync);

        Counter.GiveBack(series, Now);
        Ledger.Before = static () => Task.CompletedTask;

        Assert.Equal(Maximum, await SpendAllAsync());
    }

    [Fact]
    public async Task PermitFromBeforeAReset_GivenBackAfterIt_IsWorthNothing()
    {
        var series = (await SpendOneAsync()).Series;
        await Node.Keys.ResetCountersAsync(Key.ToHex(), None);
        await Node.Invalidations.PublishKeyAndCountersAsync(Key, Key.ToHex(), None);
        await SpendAsync();

        Counter.GiveBack(series, Now);

        Assert.Equal(1, await UsedAsync());
        Assert.Equal(Maximum - 1, await SpendAllAsync());
    }

    // The node has not heard of the reset, but what it holds was granted after it.
    [Fact]
    public async Task PermitFromBeforeAReset_ThatIsNotHeardOfYet_IsWorthNothing()
    {
        var series = (await SpendOneAsync()).Series;
        await Node.Keys.ResetCountersAsync(Key.ToHex(), None);
        await SpendAsync();

        Counter.GiveBack(series, Now);

        Assert.Equal(Maximum - 1, await SpendAllAsync());
    }

    [Fact]
    public async Task PermitOfAnEndedPeriod_IsWorthNothing()
    {
        var series = (await SpendOneAsync()).Series;
        Time.Advance(Period);
        await SpendAsync();

        Counter.GiveBack(series, Now);

        Assert.Equal(Maximum - 1, await SpendAllAsync());
    }

    [Fact]
    public async Task PermitGivenBack_IsNotSpentBeyondALoweredMaximum()
    {
        var series = (await SpendOneAsync()).Series;
        for (var i = 0; i < 9; i++)
        {
            await SpendAsync();
        }

        Assert.Equal(QuotaOutcome.Refused, (await SpendAsync(5)).Outcome);
        for (var given = 1; given <= 6; given++)
        {
            Counter.GiveBack(series, Now);
            Assert.Equal(given < 6 ? QuotaOutcome.Refused : QuotaOutcome.Spent, (await SpendAsync(5)).Outcome);
        }

        Assert.Equal(5, await UsedAsync());
    }

    [Fact]
    public async Task PermitGivenBack_AndNotUsed_IsReturnedWithItsLease()
    {
        Counter.GiveBack(await SpendToTheEndAsync(), Now);

        await Node.Quotas.ReturnIdleAsync(long.MaxValue);

        Assert.Equal(Maximum - 1, await UsedInLedgerAsync());
        Assert.Equal(QuotaOutcome.Spent, (await SpendAsync()).Outcome);
        Assert.Equal(QuotaOutcome.Refused, (await SpendAsync()).Outcome);
    }

    // Every second request is refused by a later step: exactly the maximum is kept, whoever raced with whom.
    [Fact]
    public async Task Maximum_IsKeptExactly_WhenSpendingAndGivingBackRace()
    {
        var kept = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(racer => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var answer = await SpendOneAsync();
                if (answer.Outcome != QuotaOutcome.Spent)
                {
                    continue;
                }

                if ((i + racer) % 10 != 0)
                {
                    await Task.Yield();
                    Counter.GiveBack(answer.Series, Now);
                }
                else
                {
                    Counter.Keep(answer.Series);
                    Interlocked.Increment(ref kept);
                }
            }
        })));

        Assert.InRange(kept, 1, Maximum);
        Assert.Equal(kept, await UsedAsync());
        Assert.Equal(Maximum - kept, await SpendAllAsync());
    }

    // Wrong passwords that queue for seconds: the first refusals leave a lease that nobody spends from, the last still need it.
    [Fact]
    public async Task Lease_IsNotReturned_AsLongAsAPermitOfItIsUndecided()
    {
        var spent = await SpendUndecidedAsync(6);
        Counter.GiveBack(spent[0], Now);
        Counter.Keep(spent[1]);
        Time.Advance(TimeSpan.FromSeconds(10));

        for (var i = 2; i < spent.Length; i++)
        {
            await ReturnIdleAsync();
            Node.Quotas.Trim(long.MaxValue);
            Assert.Empty(Ledger.Returns);
            Counter.GiveBack(spent[i], Now);
        }

        Assert.Equal(1, await UsedAsync());
        await ReturnIdleAsync();
        Assert.Empty(Ledger.Returns);
        Time.Advance(TimeSpan.FromSeconds(1));
        await ReturnIdleAsync();
        Assert.Single(Ledger.Returns);
        Assert.Equal(1, await UsedInLedgerAsync());
        Assert.Equal(Maximum - 1, await SpendAllAsync());
    }

    [Fact]
    public async Task Lease_OfWhichTheCallFailed_IsNotReturned_AsLongAsAPermitOfItIsUndecided()
    {
        var spent = await SpendUndecidedAsync(2);
        Ledger.Before = static () => Task.FromException(new StoreUnavailableException("gone"));
        await Assert.ThrowsAsync<StoreUnavailableException>(SpendAsync);
        Ledger.Before = static () => Task.CompletedTask;
        Time.Advance(TimeSpan.FromSeconds(10));

        await ReturnIdleAsync();
        Array.ForEach(spent, series => Counter.GiveBack(series, Now));

        Assert.Equal(0, await UsedAsync());
        Assert.Equal(Maximum, await SpendAllAsync());
    }

    [Fact]
    public async Task CounterWithoutALease_IsNotForgotten_AsLongAsAPermitIsUndecided()
    {
        var counter = Counter;
        var series = (await SpendOneAsync()).Series;
        Assert.Equal(0, Unspent);

        Node.Quotas.Trim(long.MaxValue);
        Assert.Same(counter, Counter);

        counter.Keep(series);
        await ReturnAllAndForgetAsync();
        Assert.NotSame(counter, Counter);
    }

    // A permit of a series that a reset ended must not settle one of the next.
    [Fact]
    public async Task UndecidedPermit_OfBeforeAReset_KeepsNothing_AndSettlesNothing()
    {
        var before = await SpendUndecidedAsync(1);
        await Node.Keys.ResetCountersAsync(Key.ToHex(), None);
        await Node.Invalidations.PublishKeyAndCountersAsync(Key, Key.ToHex(), None);
        var after = await SpendUndecidedAsync(1);
        var counter = Counter;

        counter.GiveBack(before[0], Now);
        counter.Keep(before[0]);
        Node.Quotas.Trim(long.MaxValue);
        Assert.Same(counter, Counter);

        counter.Keep(after[0]);
        await ReturnAllAndForgetAsync();
        Assert.NotSame(counter, Counter);
        Assert.Equal(1, await UsedAsync());
    }

    private long Now => Time.GetTimestamp();

    private Task ReturnIdleAsync() => Node.Quotas.ReturnIdleAsync(Now - Time.TimestampFrequency);

    private async Task ReturnAllAndForgetAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(10));
        await ReturnIdleAsync();
        Node.Quotas.Trim(long.MaxValue);
    }

    // All at once, so that one lease serves them.
    private async Task<int[]> SpendUndecidedAsync(int count) =>
        (await Task.WhenAll(Enumerable.Range(0, count).Select(_ => SpendOneAsync()))).Select(static answer => answer.Series).ToArray();

    private Task<QuotaAnswer> SpendOneAsync() => Node.Quotas.SpendAsync(Counter, new QuotaLimit(Maximum, Period), undecided: true, None).AsTask();

    private Task<QuotaAnswer> SpendAsync(long maximum) => Node.Quotas.SpendAsync(Counter, new QuotaLimit(maximum, Period), undecided: true, None).AsTask();

    // Returns of which leases the last permit was.
    private async Task<int> SpendToTheEndAsync()
    {
        var last = await SpendOneAsync();
        for (var answer = last; answer.Outcome == QuotaOutcome.Spent; answer = await SpendOneAsync())
        {
            last = answer;
        }

        return last.Series;
    }

    private async Task<long?> UsedAsync() => (await Node.Quotas.ReadAsync(Key.ToHex(), "", None))?.Used;
}
