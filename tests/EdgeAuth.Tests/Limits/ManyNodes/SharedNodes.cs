using System.Collections.Frozen;
using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Limits.ManyNodes;

/// <summary>Several nodes with one ledger on a real Redis, and one key with a rate and a quota.</summary>
internal sealed class SharedNodes : IAsyncDisposable
{
    private static readonly KeyHash Key = KeyHash.Of("key");
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuotaIdle = new LimitsOptions().LeaseIdle;
    private readonly CompiledApi _api = Catalogs.Api();
    private readonly Func<Task> _closeAsync;
    private readonly Node[] _nodes;
    private readonly (SessionView View, SlottedLimit Limit)[] _callers;
    private TimeSpan _untilTick = Tick;

    private SharedNodes(RedisStore store, Func<Task> closeAsync, FakeTime time, int nodes, LimitSpec spec)
    {
        (_closeAsync, Time, Ledger) = (closeAsync, time, new CountingLedger(store.Ledger));
        _nodes = [.. Enumerable.Range(0, nodes).Select(_ => Node.Over(store.Records, Ledger, store.Log, time))];
        _callers = [.. _nodes.Select(_ => Caller(spec))];
        foreach (var node in _nodes)
        {
            node.Peers.MayBeThere = nodes > 1;
        }
    }

    public FakeTime Time { get; }

    public CountingLedger Ledger { get; }

    public IReadOnlyList<Node> All => _nodes;

    public static async Task<SharedNodes> StartAsync(int nodes, RateLimit? rate, QuotaLimit? quota)
    {
        var time = new FakeTime();
        var (store, closeAsync) = await RedisStore.OpenAsync(time, static store => store);
        return new SharedNodes(store, closeAsync, time, nodes, new LimitSpec(rate, quota, Scope: "", RateScope: "", default));
    }

    /// <summary>A request at a node.</summary>
    public async Task<LimitStatus> ChargeAsync(int node)
    {
        var (limiter, caller) = (_nodes[node].Limiter, _callers[node]);
        return limiter.TryCharge(caller.View, caller.Limit, Key, _api, undecided: false, out var status)
            ? status
            : await limiter.FinishAsync(caller.View, caller.Limit, status, CancellationToken.None);
    }

    /// <summary>Time passes as the keepers see it: at their intervals they return what is idle.</summary>
    public async Task PassAsync(TimeSpan left)
    {
        while (left > TimeSpan.Zero)
        {
            var step = left < _untilTick ? left : _untilTick;
            Time.Advance(step);
            (left, _untilTick) = (left - step, _untilTick - step);
            if (_untilTick > TimeSpan.Zero)
            {
                continue;
            }

            _untilTick = Tick;
            foreach (var node in _nodes)
            {
                await node.Rates.ReturnAsync(all: false);
                await node.Quotas.ReturnIdleAsync(Time.GetTimestamp() - (long)(QuotaIdle.TotalSeconds * Time.TimestampFrequency));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        await _closeAsync();
    }

    private static (SessionView View, SlottedLimit Limit) Caller(LimitSpec spec)
    {
        var rights = new CompiledRights(isInactive: false, FrozenDictionary<string, ApiRights>.Empty, everywhere: null, slots: 1);
        return (new SessionView(Catalogs.Api().Catalog, "org1", rights), new SlottedLimit(0, spec));
    }
}
