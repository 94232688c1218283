using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAuth.Tests.Limits;

/// <summary>What becomes of a lease that is not spent: returned when idle, void after a reset, and never lost on the way.</summary>
public sealed class QuotaLeaseTests : QuotaOfOneKey
{
    [Fact]
    public async Task IdleLease_IsReturned_AndOneInUseIsNot()
    {
        await SpendSomeAsync();
        var usedAt = Time.GetTimestamp();

        await Node.Quotas.ReturnIdleAsync(usedAt - 1);
        Assert.True(Unspent > 0);
        await Node.Quotas.ReturnIdleAsync(usedAt);

        Assert.Equal(0, Unspent);
        Assert.Equal(10, await UsedInLedgerAsync());
        await Node.Quotas.ReturnIdleAsync(long.MaxValue);
        Assert.Single(Ledger.Returns);
        Assert.Equal(Maximum - 11, (await SpendAsync()).Remaining);
    }

    [Fact]
    public async Task IdleLease_IsReturned_AfterASecondWithoutUse()
    {
        using var keeper = new LeaseKeeper(Node.Rates, Node.Quotas, Node.Outage, Time, Node.LimitsOptions, NullLogger<LeaseKeeper>.Instance);
        await keeper.StartAsync(None);
        await Eventually.HoldsAsync(() => Time.Timers == 1);
        await SpendSomeAsync();

        Time.Advance(TimeSpan.FromSeconds(0.5));
        await SpendAsync();
        Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(async () => await UsedInLedgerAsync() == 11);
        await keeper.StopAsync(None);
    }

    [Fact]
    public async Task EveryLease_IsReturned_OnAGracefulStop()
    {
        using var keeper = new LeaseKeeper(Node.Rates, Node.Quotas, Node.Outage, Time, Node.LimitsOptions, NullLogger<LeaseKeeper>.Instance);
        await keeper.StartAsync(None);
        await SpendSomeAsync();
        var other = Node.Quotas.Find(new CounterId("other", "scope"));
        for (var i = 0; i < 6; i++)
        {
            await Node.Quotas.SpendAsync(other, new QuotaLimit(Maximum, null), undecided: false, None);
        }

        await keeper.StopAsync(None);

        Assert.Equal(10, await UsedInLedgerAsync());
        Assert.Equal(6, (await Store.Ledger.ReadAsync(new CounterId("other", "scope"), None))!.Used);
    }

    // Else it could be refused for want of the permits that are on their way, and then until the period ends.
    [Fact]
    public async Task Request_WaitsForAReturnUnderWay()
    {
        await SpendSomeAsync();
        var asked = Ledger.Demands.Count;
        var hold = Hold();
        var returning = Node.Quotas.ReturnIdleAsync(long.MaxValue);

        var waiting = SpendAsync();
        Assert.Equal(QuotaOutcome.Ask, Counter.TrySpend(Maximum, undecided: false, Time.GetTimestamp()).Outcome);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(asked, Ledger.Demands.Count);
        hold.SetResult();
        await returning;

        Assert.Equal(Maximum - 11, (await waiting).Remaining);
    }

    // Two calls at once would each bring a lease, and one of the two would be forgotten.
    [Fact]
    public async Task NoPermitIsLost_WhenIdleLeasesAreReturnedWhileRequestsArrive()
    {
        var admitted = 0;
        using var stop = new CancellationTokenSource();
        var returning = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Node.Quotas.ReturnIdleAsync(long.MaxValue);
            }
        });
        var spending = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 400; i++)
            {
                if ((await SpendAsync()).Outcome == QuotaOutcome.Spent)
                {
                    Interlocked.Increment(ref admitted);
                }
            }
        }));
        await Task.WhenAll(spending);
        await stop.CancelAsync();
        await returning;

        Assert.Equal(Maximum, admitted);
    }

    [Fact]
    public async Task LeaseThatCouldNotBeReturned_IsReturnedLater()
    {
        await SpendSomeAsync();
        Ledger.Before = static () => Task.FromException(new StoreUnavailableException("gone"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Node.Quotas.ReturnIdleAsync(long.MaxValue));

        Ledger.Before = static () => Task.CompletedTask;
        await Node.Quotas.ReturnIdleAsync(long.MaxValue);

        Assert.Equal(10, await UsedInLedgerAsync());
    }

    [Fact]
    public async Task Reset_VoidsTheLease_AndAdmitsTheWholeMaximum()
    {
        await SpendSomeAsync();
        Assert.True(Unspent > 0);

        await ResetAsync();

        Assert.Null(await Node.Quotas.ReadAsync(Key.ToHex(), "", None));
        Assert.Equal(Maximum, await SpendAllAsync());
    }

    // A node that could not tell whether it had announced a reset hears of it from the change log too, when it may have leased from the new counter.
    [Fact]
    public async Task Reset_HeardTwice_LosesNoPermit()
    {
        await ResetAsync();
        await SpendSomeAsync();

        Node.Invalidations.Apply([new RecordId(RecordKind.Counter, Key.ToHex())]);
        Assert.Equal(new QuotaUse(10, Time.GetUtcNow() + TimeSpan.FromHours(1)), await Node.Quotas.ReadAsync(Key.ToHex(), "", None));

        Assert.Equal(Maximum - 10, await SpendAllAsync());
    }

    [Fact]
    public async Task Reset_HeardTwice_LosesNoPermit_WhenNobodyAsksAgain()
    {
        await ResetAsync();
        await SpendSomeAsync();
        Node.Invalidations.Apply([new RecordId(RecordKind.Counter, Key.ToHex())]);

        await Node.Quotas.ReturnIdleAsync(long.MinValue);

        Assert.Equal(10, await UsedInLedgerAsync());
    }

    // It has taken its own resets in when it announced them.
    [Fact]
    public async Task OwnReset_HeardFromTheLog_TakesNoLease()
    {
        await ResetAsync();
        await SpendSomeAsync();
        var unspent = Unspent;
        var asked = Ledger.Demands.Count;

        await Node.Feed.ReadOnceAsync(None);

        Assert.Equal(new QuotaAnswer(QuotaOutcome.Spent, Maximum - 11, Time.GetUtcNow() + TimeSpan.FromHours(1)), await SpendAsync());
        Assert.Equal((unspent - 1, asked), (Unspent, Ledger.Demands.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_WhileTheLedgerIsAsked_LosesNoPermit(bool grantedBefore)
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task Held()
        {
            reached.TrySetResult();
            return hold.Task;
        }

        if (grantedBefore)
        {
            Ledger.After = Held;
        }
        else
        {
            Ledger.Before = Held;
        }

        var first = SpendAsync();
        await reached.Task;
        await ResetAsync();
        hold.SetResult();

        Assert.Equal(QuotaOutcome.Spent, (await first).Outcome);
        Assert.Equal(Maximum - 1, await SpendAllAsync());
    }

    [Fact]
    public async Task MissedChanges_VoidEveryLease()
    {
        await SpendSomeAsync();
        await Store.Ledger.ResetAsync(Key.ToHex(), None);

        Node.Invalidations.ApplyEverything();

        Assert.Equal(Maximum, await SpendAllAsync());
    }

    private async Task ResetAsync()
    {
        await Node.Keys.ResetCountersAsync(Key.ToHex(), None);
        await Node.Invalidations.PublishKeyAndCountersAsync(Key, Key.ToHex(), None);
    }

    private TaskCompletionSource Hold()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ledger.Before = () => hold.Task;
        return hold;
    }
}
