using System.Collections.Frozen;
using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Limits;

/// <summary>What a request that is refused for its rate shows of the quota: the truth, learnt once where it is not known.</summary>
public sealed class RateRefusalTests : QuotaOfOneKey
{
    private static readonly LimitSpec Spec = new(new RateLimit(1, TimeSpan.FromHours(2)), new QuotaLimit(1000, Period), "", "", default);
    private readonly CompiledApi _api = Catalogs.Api();
    private readonly SlottedLimit _limit = new(0, Spec);
    private readonly SessionView _view = NewView();

    [Fact]
    public async Task Refusal_ShowsTheQuota_AfterThisNodeReadItsOwnResetBack()
    {
        await Node.Keys.ResetCountersAsync(Key.ToHex(), None);
        await Node.Invalidations.PublishKeyAndCountersAsync(Key, Key.ToHex(), None);
        await ShouldBeAdmittedAsync();
        await Node.Feed.ReadOnceAsync(None);

        Assert.Equal(999, ShouldBeRefusedAtOnce());
        Assert.Equal(0, Ledger.Reads);
    }

    [Fact]
    public async Task Refusal_LearnsTheQuotaOnce_WhereItIsNotKnown()
    {
        await ShouldBeAdmittedAsync();
        Node.Invalidations.ApplyEverything();

        Assert.Equal(999, await ShouldBeRefusedAsync());

        for (var i = 0; i < 100; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(20));
            Node.Quotas.Trim(Time.GetTimestamp() - (long)(TimeSpan.FromMinutes(10).TotalSeconds * Time.TimestampFrequency));
            Assert.Equal(999, ShouldBeRefusedAtOnce());
        }

        Assert.Equal((1, 1), (Ledger.Reads, Ledger.Demands.Count));
    }

    [Fact]
    public async Task Refusal_LearnsTheQuotaAnew_OnceItsCounterWasForgotten()
    {
        await ShouldBeAdmittedAsync();
        await SpendAsync();
        Node.Quotas.Trim(long.MaxValue);

        Assert.Equal(998, await ShouldBeRefusedAsync());
        Assert.Equal(998, ShouldBeRefusedAtOnce());
        Assert.Equal(1, Ledger.Reads);
    }

    [Fact]
    public async Task Refusal_ShowsTheWholeQuota_OnceItsPeriodHasEnded()
    {
        await ShouldBeAdmittedAsync();
        await SpendSomeAsync();
        Time.Advance(Period);

        Assert.Equal(1000, await ShouldBeRefusedAsync());

        // The lease of the ended period is void: what is spent now counts in the new one.
        Assert.Equal(new QuotaAnswer(QuotaOutcome.Spent, 999, Time.GetUtcNow() + Period), await SpendAsync());
        Assert.Equal(999, ShouldBeRefusedAtOnce());
    }

    // The lease may have been granted before or after the reset: only the ledger knows, so it is asked after the lease went back.
    [Fact]
    public async Task Refusal_CountsALeaseInDoubtAsUnspent()
    {
        await ShouldBeAdmittedAsync();
        await SpendSomeAsync();
        Node.Invalidations.ApplyEverything();

        Assert.Equal(989, await ShouldBeRefusedAsync());
        Assert.Equal(11, await UsedInLedgerAsync());
    }

    [Fact]
    public async Task Refusals_AskTheLedgerOnceForAll_WhoWaitMeanwhile()
    {
        await ShouldBeAdmittedAsync();
        Node.Invalidations.ApplyEverything();
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ledger.Before = () => hold.Task;

        var waiting = Enumerable.Range(0, 20).Select(_ => ShouldBeRefusedAsync()).ToList();
        var spending = SpendAsync();
        hold.SetResult();

        Assert.All(await Task.WhenAll(waiting), static remaining => Assert.InRange(remaining, 998, 999));
        Assert.Equal(998, (await spending).Remaining);
        Assert.Equal(1, Ledger.Reads);

        // Those who only ask for the figures are no reason to lease more.
        Assert.Equal(1, Ledger.Demands.Last().Wanted);
    }

    [Fact]
    public async Task Refusal_LearnsAgain_WhenAResetCameBetween()
    {
        await ShouldBeAdmittedAsync();
        Node.Invalidations.ApplyEverything();
        var resets = 0;
        Ledger.After = async () =>
        {
            if (++resets == 1)
            {
                await Node.Keys.ResetCountersAsync(Key.ToHex(), None);
                await Node.Invalidations.PublishKeyAndCountersAsync(Key, Key.ToHex(), None);
            }
        };

        Assert.Equal(1000, await ShouldBeRefusedAsync());
        Assert.Equal(2, Ledger.Reads);
    }

    [Fact]
    public async Task Refusal_StaysOne_AndShowsNothingLeft_WhileTheLedgerCannotBeAsked()
    {
        await ShouldBeAdmittedAsync();
        Node.Invalidations.ApplyEverything();
        Ledger.Before = static () => Task.FromException(new StoreUnavailableException("gone"));
        Assert.Equal(0, await ShouldBeRefusedAsync());

        Ledger.Before = static () => Task.CompletedTask;
        Assert.Equal(999, await ShouldBeRefusedAsync());
    }

    [Fact]
    public async Task Refusal_AsksNothing_WhereTheApiCountsNoQuota()
    {
        await ShouldBeAdmittedAsync();
        Node.Invalidations.ApplyEverything();
        var api = Catalogs.Api(change: static definition => definition["disable_quota"] = true);

        Assert.True(Node.Limiter.TryCharge(_view, _limit, Key, api, undecided: false, out var status));

        Assert.Equal(LimitVerdict.RateExceeded, status.Verdict);
        Assert.Equal(0, Ledger.Reads);
    }

    private static SessionView NewView() =>
        new(Catalogs.Api().Catalog, "org1", new CompiledRights(isInactive: false, FrozenDictionary<string, ApiRights>.Empty, everywhere: null, slots: 1));

    private async Task ShouldBeAdmittedAsync()
    {
        if (!Node.Limiter.TryCharge(_view, _limit, Key, _api, undecided: false, out var status))
        {
            status = await Node.Limiter.FinishAsync(_view, _limit, status, None);
        }

        Assert.Equal(LimitVerdict.Admitted, status.Verdict);
    }

    private long ShouldBeRefusedAtOnce()
    {
        Assert.True(Node.Limiter.TryCharge(_view, _limit, Key, _api, undecided: false, out var status));
        Assert.Equal(LimitVerdict.RateExceeded, status.Verdict);
        return status.Quota.Remaining;
    }

    private async Task<long> ShouldBeRefusedAsync()
    {
        Assert.False(Node.Limiter.TryCharge(_view, _limit, Key, _api, undecided: false, out var status));
        status = await Node.Limiter.FinishAsync(_view, _limit, status, None);
        Assert.Equal((LimitVerdict.RateExceeded, 0), (status.Verdict, status.Rate.Remaining));
        return status.Quota.Remaining;
    }
}
