using System.Collections.Frozen;
using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Limits;

public sealed class LimiterTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KeyHash Key = KeyHash.Of("key");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeTime _time = new();
    private readonly CompiledApi _api = Catalogs.Api();
    private SqliteStore _store = null!;
    private Func<Task> _closeAsync = null!;
    private WatchedLedger _ledger = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _ledger = new WatchedLedger(_store.Ledger);
        _node = Node.Over(_store.Records, _ledger, new InProcessChangeLog(), _time, limits: new LimitsOptions { MaxWaiters = 4 });
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return _closeAsync();
    }

    [Fact]
    public async Task Request_IsAdmitted_WithoutLimits()
    {
        var status = await ChargeAsync(Caller(rate: null, quota: null));

        Assert.Equal(LimitVerdict.Admitted, status.Verdict);
        Assert.Equal("", status.Limits!.PolicyField);
        Assert.Empty(_ledger.Demands);
    }

    [Fact]
    public async Task Rate_AdmitsItsPermits_AndRefusesTheNext()
    {
        var caller = Caller(rate: 3, quota: null);

        Assert.Equal([2, 1, 0], new[] { await ChargeAsync(caller), await ChargeAsync(caller), await ChargeAsync(caller) }.Select(static status => status.Rate.Remaining));
        Assert.Equal(LimitVerdict.RateExceeded, (await ChargeAsync(caller)).Verdict);

        _time.Advance(Minute);
        Assert.Equal(LimitVerdict.Admitted, (await ChargeAsync(caller)).Verdict);
    }

    [Fact]
    public async Task LastPermitOfARate_GoesToOne_WhenFortyRace()
    {
        var caller = Caller(rate: 10, quota: null);
        for (var i = 0; i < 9; i++)
        {
            await ChargeAsync(caller);
        }

        Assert.Equal(1, await RaceAsync(caller, 40));
    }

    [Fact]
    public async Task LastPermitOfAQuota_GoesToOne_WhenFortyRace_AndTheOthersAreNotChargedToTheRate()
    {
        using var node = Node.Over(_store.Records, _ledger, new InProcessChangeLog(), _time);
        var caller = Caller(rate: 100, quota: 10);
        for (var i = 0; i < 9; i++)
        {
            await ChargeAsync(caller, node);
        }

        Assert.Equal(1, await RaceAsync(caller, 40, node));

        Assert.Equal(89, (await ChargeAsync(Caller(rate: 100, quota: 1000), node)).Rate.Remaining);
    }

    [Fact]
    public async Task RequestRefusedForItsRate_IsNotChargedToTheQuota()
    {
        var caller = Caller(rate: 1, quota: 100);
        await ChargeAsync(caller);

        for (var i = 0; i < 10; i++)
        {
            var refused = await ChargeAsync(caller);
            Assert.Equal(LimitVerdict.RateExceeded, refused.Verdict);
            Assert.Equal(99, refused.Quota.Remaining);
        }

        Assert.Equal(1, (await _node.Quotas.ReadAsync(Key.ToHex(), "", None))!.Used);
    }

    [Fact]
    public async Task RequestRefusedForItsQuota_IsNotChargedToTheRate()
    {
        var caller = Caller(rate: 5, quota: 1);
        Assert.Equal(4, (await ChargeAsync(caller)).Rate.Remaining);

        // The first refusal asks the ledger, the others are known in advance.
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(LimitVerdict.QuotaExceeded, (await ChargeAsync(caller)).Verdict);
        }

        Assert.Equal(3, (await ChargeAsync(Caller(rate: 5, quota: 2))).Rate.Remaining);
    }

    [Fact]
    public async Task RequestThatCannotBeCounted_IsRefusedAsUnavailable_AndChargedToNothing()
    {
        var caller = Caller(rate: 5, quota: 5);
        _ledger.Before = static () => Task.FromException(new StoreUnavailableException("gone"));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(LimitVerdict.Unavailable, (await ChargeAsync(caller)).Verdict);
        }

        _ledger.Before = static () => Task.CompletedTask;
        var admitted = await ChargeAsync(caller);
        Assert.Equal((4, 4), (admitted.Rate.Remaining, admitted.Quota.Remaining));
    }

    [Fact]
    public async Task Waiters_AreBounded_AndThoseTurnedAwayAreChargedToNothing()
    {
        var caller = Caller(rate: 100, quota: 100);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ledger.Before = () => hold.Task;
        var waiting = Enumerable.Range(0, 4).Select(_ => ChargeAsync(caller)).ToList();

        Assert.Equal(LimitVerdict.Unavailable, (await ChargeAsync(caller)).Verdict);

        hold.SetResult();
        Assert.All(await Task.WhenAll(waiting), static status => Assert.Equal(LimitVerdict.Admitted, status.Verdict));
        Assert.Equal(95, (await ChargeAsync(caller)).Rate.Remaining);
    }

    [Fact]
    public async Task CallerWhoGoesAway_IsChargedToNothing()
    {
        var caller = Caller(rate: 5, quota: 5);
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ledger.Before = () => hold.Task;
        using var cancel = new CancellationTokenSource();
        var gone = ChargeAsync(caller, cancellation: cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        hold.SetResult();

        var admitted = await ChargeAsync(caller);
        Assert.Equal((4, 4), (admitted.Rate.Remaining, admitted.Quota.Remaining));
    }

    [Theory]
    [InlineData("disable_rate_limit", nameof(LimitVerdict.QuotaExceeded))]
    [InlineData("disable_quota", nameof(LimitVerdict.RateExceeded))]
    public async Task SwitchedOffLimit_IsNotCharged(string field, string expected)
    {
        var api = Catalogs.Api(change: definition => definition[field] = true);
        var caller = Caller(rate: 2, quota: 2);

        await ChargeAsync(caller, api: api);
        await ChargeAsync(caller, api: api);
        var refused = await ChargeAsync(caller, api: api);

        Assert.Equal(expected, refused.Verdict.ToString());
    }

    // The owner forgets counters that hold nothing, while a cached session still holds them.
    [Fact]
    public async Task ForgottenCounters_AreFoundAnew_AndCountOn()
    {
        var caller = Caller(rate: 2, quota: 3);
        Assert.Equal((1, 2), await RemainingAsync());

        await ForgetAsync();
        Assert.Equal((1, 1), await RemainingAsync());
        await ForgetAsync();
        Assert.Equal((1, 0), await RemainingAsync());
        await ForgetAsync();
        Assert.Equal(LimitVerdict.QuotaExceeded, (await ChargeAsync(caller)).Verdict);

        async Task<(long, long)> RemainingAsync()
        {
            var status = await ChargeAsync(caller);
            Assert.Equal(LimitVerdict.Admitted, status.Verdict);
            return (status.Rate.Remaining, status.Quota.Remaining);
        }

        async Task ForgetAsync()
        {
            _time.Advance(Minute);
            _ledger.LocalRates!.Trim();
            Assert.Equal(0, _ledger.LocalRates!.Count);
            await _node.Quotas.ReturnIdleAsync(long.MaxValue);
            _node.Quotas.Trim(long.MaxValue);
        }
    }

    [Fact]
    public async Task ChangedRate_ActsOnTheRunningWindow_AndAChangedWindowStartsAnew()
    {
        await ChargeAsync(Caller(rate: 2, quota: null));
        await ChargeAsync(Caller(rate: 2, quota: null));

        Assert.Equal(LimitVerdict.RateExceeded, (await ChargeAsync(Caller(rate: 1, quota: null))).Verdict);
        Assert.Equal(0, (await ChargeAsync(Caller(rate: 3, quota: null))).Rate.Remaining);
        Assert.Equal(2, (await ChargeAsync(Caller(rate: 3, quota: null, window: 2 * Minute))).Rate.Remaining);
    }

    [Fact]
    public async Task AdmissionFromALease_NeedsNoWaiting()
    {
        var caller = Caller(rate: 100, quota: 1000);
        for (var i = 0; i < 5; i++)
        {
            await ChargeAsync(caller);
        }

        var asked = _ledger.Demands.Count;

        Assert.True(_node.Limiter.TryCharge(caller.View, caller.Limit, Key, _api, undecided: false, out var status));

        Assert.Equal(LimitVerdict.Admitted, status.Verdict);
        Assert.Equal(994, status.Quota.Remaining);
        Assert.Equal(asked, _ledger.Demands.Count);
    }

    private static (SessionView View, SlottedLimit Limit) Caller(long? rate, long? quota, TimeSpan? window = null)
    {
        var spec = new LimitSpec(
            rate is { } permits ? new RateLimit(permits, window ?? Minute) : null,
            quota is { } maximum ? new QuotaLimit(maximum, TimeSpan.FromHours(1)) : null,
            Scope: "",
            RateScope: "",
            default);
        var rights = new CompiledRights(isInactive: false, FrozenDictionary<string, ApiRights>.Empty, everywhere: null, slots: 1);
        return (new SessionView(Catalogs.Api().Catalog, "org1", rights), new SlottedLimit(0, spec));
    }

    private async Task<LimitStatus> ChargeAsync((SessionView View, SlottedLimit Limit) caller, Node? node = null, CompiledApi? api = null, CancellationToken cancellation = default)
    {
        var limiter = (node ?? _node).Limiter;
        return limiter.TryCharge(caller.View, caller.Limit, Key, api ?? _api, undecided: false, out var status)
            ? status
            : await limiter.FinishAsync(caller.View, caller.Limit, status, cancellation);
    }

    private async Task<int> RaceAsync((SessionView View, SlottedLimit Limit) caller, int racers, Node? node = null) =>
        (await Task.WhenAll(Enumerable.Range(0, racers).Select(_ => Task.Run(() => ChargeAsync(caller, node))))).Count(static status => status.Verdict == LimitVerdict.Admitted);
}
