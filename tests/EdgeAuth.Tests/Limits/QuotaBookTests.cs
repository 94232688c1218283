using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Limits;

public sealed class QuotaBookTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly FakeTime _time = new();
    private SqliteStore _store = null!;
    private Func<Task> _closeAsync = null!;
    private WatchedLedger _ledger = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _ledger = new WatchedLedger(_store.Ledger);
        _node = Node.Over(_store.Records, _ledger, new InProcessChangeLog(), _time, limits: new LimitsOptions { MaxWaiters = 50 });
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return _closeAsync();
    }

    [Fact]
    public async Task Spend_AdmitsTheMaximum_CountingDown_AndRefusesTheRest()
    {
        for (var left = 249; left >= 0; left--)
        {
            Assert.Equal(new QuotaAnswer(QuotaOutcome.Spent, left, _time.GetUtcNow() + Hour), await SpendAsync(250));
        }

        Assert.Equal(new QuotaAnswer(QuotaOutcome.Refused, 0, _time.GetUtcNow() + Hour), await SpendAsync(250));
    }

    [Fact]
    public async Task LastPermit_GoesToOne_WhenFortyRace()
    {
        for (var i = 0; i < 9; i++)
        {
            await SpendAsync(10);
        }

        Assert.Equal(1, await RaceAsync(40, 10));
    }

    [Fact]
    public async Task Racers_GetEveryPermit_AndNotOneMore()
    {
        Assert.Equal(37, await RaceAsync(50, 37));
        Assert.Equal(0, await RaceAsync(50, 37));
        Assert.Equal(37, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task Ledger_IsAskedOnceForAll_WhoWaitMeanwhile()
    {
        var hold = Hold();

        var waiting = Enumerable.Range(0, 50).Select(_ => SpendAsync(1000)).ToList();
        hold.SetResult();

        Assert.All(await Task.WhenAll(waiting), static answer => Assert.Equal(QuotaOutcome.Spent, answer.Outcome));
        // The first call may have left before the last had come; a second serves the rest.
        Assert.InRange(_ledger.Demands.Count, 1, 2);
    }

    [Fact]
    public async Task HotKey_AsksSeldom()
    {
        for (var i = 0; i < 1000; i++)
        {
            await SpendAsync(100_000);
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(_ledger.Demands.Count, 1, 20);
    }

    [Fact]
    public async Task Waiters_AreBounded()
    {
        var hold = Hold();
        var waiting = Enumerable.Range(0, 50).Select(_ => SpendAsync(1000)).ToList();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => SpendAsync(1000));

        hold.SetResult();
        Assert.All(await Task.WhenAll(waiting), static answer => Assert.Equal(QuotaOutcome.Spent, answer.Outcome));
        Assert.Equal(QuotaOutcome.Spent, (await SpendAsync(1000)).Outcome);
    }

    [Fact]
    public async Task Waiter_WhoGivesUp_CostsNothing_AndHoldsNobodyUp()
    {
        var hold = Hold();
        using var cancel = new CancellationTokenSource();
        var gone = _node.Quotas.SpendAsync(Counter(), new QuotaLimit(10, Hour), undecided: false, cancel.Token).AsTask();
        var staying = SpendAsync(10);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        hold.SetResult();

        Assert.Equal(new QuotaAnswer(QuotaOutcome.Spent, 9, _time.GetUtcNow() + Hour), await staying);
        Assert.Equal(1, (await ReadAsync())!.Used);
    }

    [Fact]
    public async Task FailingLedger_FailsThoseWhoWait_AndTheNextAsksAnew()
    {
        _ledger.Before = static () => Task.FromException(new StoreUnavailableException("gone"));
        var waiting = Enumerable.Range(0, 3).Select(_ => SpendAsync(10)).ToList();
        foreach (var waiter in waiting)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => waiter);
        }

        _ledger.Before = static () => Task.CompletedTask;
        Assert.Equal(9, (await SpendAsync(10)).Remaining);
    }

    // A refusal under the old maximum says nothing about the new one.
    [Fact]
    public async Task RaisedMaximum_Acts_AlsoWhenTheFirstCallWithItFails()
    {
        await SpendAsync(1);
        Assert.Equal(QuotaOutcome.Refused, (await SpendAsync(1)).Outcome);
        _ledger.Before = static () => Task.FromException(new StoreUnavailableException("gone"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => SpendAsync(5));

        _ledger.Before = static () => Task.CompletedTask;
        Assert.Equal(3, (await SpendAsync(5)).Remaining);
    }

    [Fact]
    public async Task UsedUpQuota_IsRefusedWithoutAsking_UntilItsPeriodEnds()
    {
        await SpendAsync(1);
        await SpendAsync(1);
        var asked = _ledger.Demands.Count;
        _time.Advance(Hour - TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(QuotaOutcome.Refused, (await SpendAsync(1)).Outcome);
        }

        Assert.Equal(asked, _ledger.Demands.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new QuotaAnswer(QuotaOutcome.Spent, 0, _time.GetUtcNow() + Hour), await SpendAsync(1));
    }

    [Fact]
    public async Task Lease_IsNotSpentBeyondItsPeriod()
    {
        for (var i = 0; i < 6; i++)
        {
            await SpendAsync(1000);
        }

        Assert.True(Unspent > 0);

        _time.Advance(Hour);

        Assert.Equal(0, Unspent);
        Assert.Equal(new QuotaAnswer(QuotaOutcome.Spent, 999, _time.GetUtcNow() + Hour), await SpendAsync(1000));
    }

    [Fact]
    public async Task Quota_NeverRenews_WhereItHasNoPeriod()
    {
        Assert.Equal(new QuotaAnswer(QuotaOutcome.Spent, 0, null), await SpendAsync(1, forever: true));

        _time.Advance(TimeSpan.FromDays(10_000));

        Assert.Equal(new QuotaAnswer(QuotaOutcome.Refused, 0, null), await SpendAsync(1, forever: true));
    }

    [Theory]
    [InlineData(20, 15)]
    [InlineData(100, 95)]
    [InlineData(6, 1)]
    [InlineData(5, 0)]
    [InlineData(2, 0)]
    public async Task ChangedMaximum_ActsOnWhatWasUsed(int maximum, int admitted)
    {
        for (var i = 0; i < 5; i++)
        {
            await SpendAsync(50);
        }

        Assert.Equal(Math.Min(admitted, 50), await RaceAsync(50, maximum));
    }

    [Fact]
    public async Task Counters_AreApart_ByOwnerAndScope()
    {
        Assert.Same(Counter(), Counter());
        Assert.Equal(0, (await SpendAsync(1)).Remaining);

        Assert.Equal(QuotaOutcome.Spent, (await _node.Quotas.SpendAsync(_node.Quotas.Find(new CounterId("owner", "api")), new QuotaLimit(1, Hour), undecided: false, None)).Outcome);
        Assert.Equal(QuotaOutcome.Spent, (await _node.Quotas.SpendAsync(_node.Quotas.Find(new CounterId("other", "")), new QuotaLimit(1, Hour), undecided: false, None)).Outcome);
        Assert.Equal(QuotaOutcome.Refused, (await SpendAsync(1)).Outcome);
    }

    [Fact]
    public async Task Reading_AddsTheNodesOwnLeaseBack()
    {
        Assert.Null(await ReadAsync());
        for (var i = 0; i < 7; i++)
        {
            await SpendAsync(1000);
        }

        Assert.True(Unspent > 0);
        Assert.Equal(new QuotaUse(7, _time.GetUtcNow() + Hour), await ReadAsync());
    }

    private long Unspent => Counter().Unspent(_time.GetTimestamp());

    private TaskCompletionSource Hold()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ledger.Before = () => hold.Task;
        return hold;
    }

    private QuotaCounter Counter() => _node.Quotas.Find(new CounterId("owner", ""));

    // What is of interest is what is told, not of which leases it is.
    private async Task<QuotaAnswer> SpendAsync(long maximum, bool forever = false) =>
        await _node.Quotas.SpendAsync(Counter(), new QuotaLimit(maximum, forever ? null : Hour), undecided: false, None) with { Series = 0 };

    private async Task<int> RaceAsync(int racers, long maximum) =>
        (await Task.WhenAll(Enumerable.Range(0, racers).Select(_ => Task.Run(() => SpendAsync(maximum))))).Count(static answer => answer.Outcome == QuotaOutcome.Spent);

    private Task<QuotaUse?> ReadAsync() => _node.Quotas.ReadAsync("owner", "", None).AsTask();
}
