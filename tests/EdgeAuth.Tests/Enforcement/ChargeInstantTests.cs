using EdgeAuth.Catalog;
using EdgeAuth.Enforcement;
using EdgeAuth.Sessions;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>A request counts from the instant at which it is charged, however long ago its decision began.</summary>
public sealed class ChargeInstantTests : IAsyncLifetime
{
    private const string Token = "token-of-the-key";
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private readonly HeldUpTime _time = new();
    private readonly CompiledApi _api = Catalogs.Api();
    private readonly DefaultHttpContext _context = new();
    private Func<Task> _closeAsync = null!;
    private Node _node = null!;
    private Enforcer _enforcer = null!;

    public async Task InitializeAsync()
    {
        (var store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _node = Node.Over(store.Records, store.Ledger, new InProcessChangeLog(), _time);
        await _node.Feed.ReadOnceAsync(CancellationToken.None);
        _enforcer = new Enforcer(new RequestGate(null!, _time), new Authenticator(_node.Sessions, _node.Clients, null!, null!, _time), new RightsCompilers(), null!, _node.Limiter, null!, _time);
        (_context.Request.Method, _context.Request.Path) = ("GET", "/orders/1");
        _context.Request.Headers.Authorization = "Bearer " + Token;
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return _closeAsync();
    }

    [Fact]
    public async Task Rate_CountsFromTheCharge_WhenTheThreadWasHeldUpBeforeIt()
    {
        await StoreAsync(new Session { Rate = 1, Per = 60 });
        Assert.Equal(RefusalReason.None, (await DecideHeldUpAsync()).Refusal);
        var held = _time.HeldUp;

        _time.Inner.Advance(Minute - held);
        Assert.Equal(RefusalReason.RateExceeded, (await DecideAsync()).Refusal);

        _time.Inner.Advance(held);
        Assert.Equal(RefusalReason.None, (await DecideAsync()).Refusal);
    }

    [Fact]
    public async Task Quota_IsThatOfThePeriodOfTheCharge_WhenTheThreadWasHeldUpBeforeIt()
    {
        await StoreAsync(new Session { QuotaMax = 1000, QuotaRenewalRate = 60 });
        for (var spent = 1; spent <= 10; spent++)
        {
            Assert.Equal(1000 - spent, (await DecideAsync()).Limits.Quota.Remaining);
        }

        _time.Inner.Advance(Minute - TimeSpan.FromSeconds(1));
        Assert.Equal(999, (await DecideHeldUpAsync()).Limits.Quota.Remaining);
    }

    private async Task StoreAsync(Session session)
    {
        var hash = KeyHash.Of(Token);
        await _node.Keys.PutAsync(hash, new StoredKey { Session = session }, storedUntil: null, version: null, CancellationToken.None);
        await _node.Sessions.LoadAsync(hash, CancellationToken.None);
    }

    private async Task<Decision> DecideHeldUpAsync()
    {
        // The session is at hand, so the thread is held up between its look-up and the charge.
        await _node.Feed.ReadOnceAsync(CancellationToken.None);
        _time.HoldsUp = true;
        var decision = await DecideAsync();
        _time.HoldsUp = false;
        Assert.NotEqual(TimeSpan.Zero, _time.HeldUp);
        return decision;
    }

    private async Task<Decision> DecideAsync() => await _enforcer.DecideAsync(_context, _api, "/orders");

    /// <summary>A clock that goes on by five seconds whenever the wall clock is asked, as it does for a thread that is not scheduled.</summary>
    private sealed class HeldUpTime : TimeProvider
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

        public FakeTime Inner { get; } = new();

        public bool HoldsUp { get; set; }

        public TimeSpan HeldUp { get; private set; }

        public override long TimestampFrequency => Inner.TimestampFrequency;

        public override long GetTimestamp() => Inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow()
        {
            if (HoldsUp)
            {
                HeldUp += Pause;
                Inner.Advance(Pause);
            }

            return Inner.GetUtcNow();
        }
    }
}
