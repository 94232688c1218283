using EdgeAuth.Limits;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Limits.ManyNodes;

/// <summary>
/// Several nodes with their shares of one rate, and a ledger, whose messages are delivered when a test says so: late, twice apart, or never.
/// It keeps every admitted request by true time, and compares them with the plain rule.
/// </summary>
internal sealed class SharedRateMachine(IRateLedger ledger, FakeTime time, SharedRateMachine.Clock clock, long rate, TimeSpan window, int nodes)
{
    private static int s_runs;
    private readonly CounterId _counter = new($"owner{Interlocked.Increment(ref s_runs)}", "scope");
    private readonly Node?[] _nodes = new Node?[nodes];
    private readonly List<RateDemand> _delayed = [];
    private readonly List<Permit> _admitted = [];

    /// <summary>Calls that reached the ledger.</summary>
    public int Calls { get; private set; }

    public int Admitted => _admitted.Count(static permit => !permit.GivenBack);

    /// <summary>A request at a node: admitted, refused, or the beginning of a call that it waits for.</summary>
    public void Request(int at)
    {
        var node = _nodes[at] ??= new Node(new RateLease(_counter, window, new Peers(), time, static _ => { }));
        var answer = node.Lease.TryTake(time.GetTimestamp(), rate);
        if (answer.Outcome == RateOutcome.Taken)
        {
            _admitted.Add(new Permit(time.GetUtcNow(), node, answer));
        }
        else if (answer.Outcome == RateOutcome.Ask)
        {
            node.Waiting++;
            Assert.True(node.Lease.TryJoinCall(_ => node.Begin(), int.MaxValue, out _));
        }
    }

    /// <summary>Sends the call that a node has begun.</summary>
    public void Send(int at)
    {
        if (_nodes[at] is { Demand: null, HasBegun: true } node)
        {
            node.Demand = node.IsReturn ? node.Lease.BeginReturn(time.GetTimestamp()) : node.Lease.BeginAsk(rate, time.GetTimestamp());
        }
    }

    /// <summary>The ledger takes the call of a node in.</summary>
    public async Task DeliverAsync(int at)
    {
        if (_nodes[at] is { Demand: { } demand, Grant: null } node)
        {
            Calls++;
            (node.Grant, _) = await ledger.LeaseAsync(demand, quota: null, CancellationToken.None);
        }
    }

    /// <summary>A node hears the ledger's answer, or gives up waiting for it.</summary>
    public void Hear(int at, bool answered)
    {
        if (_nodes[at] is not { Demand: { } demand } node || (answered && node.Grant is null))
        {
            return;
        }

        if (!answered && node.Grant is null)
        {
            _delayed.Add(demand);
        }

        node.Lease.EndAsk(demand, answered ? node.Grant : null, time.GetTimestamp());
        var waiting = node.Waiting;
        (node.Demand, node.Grant, node.HasBegun, node.IsReturn, node.Waiting) = (null, null, false, false, 0);
        for (; answered && waiting > 0; waiting--)
        {
            Request(at);
        }
    }

    /// <summary>A call that its node has long given up reaches the ledger.</summary>
    public async Task DeliverLateAsync(int number)
    {
        if (_delayed.Count > 0)
        {
            var late = _delayed[number % _delayed.Count];
            _delayed.Remove(late);
            await ledger.LeaseAsync(late, quota: null, CancellationToken.None);
        }
    }

    /// <summary>A request that was admitted is refused by a later step.</summary>
    public void GiveBack(int number)
    {
        // Soon after it was admitted, as it is in life.
        if (_admitted.LastOrDefault(permit => !permit.GivenBack && permit.Node.IsAlive) is { } permit && number % 2 == 0)
        {
            permit.Node.Lease.GiveBack(permit.Answer, rate);
            permit.GivenBack = true;
        }
    }

    public void Return(int at)
    {
        if (_nodes[at] is { HasBegun: false } node && node.Lease.TryReturn(time.GetTimestamp(), always: true, _ => node.Begin(), out _))
        {
            node.IsReturn = true;
        }
    }

    public void Crash(int at)
    {
        if (_nodes[at] is { } node)
        {
            node.IsAlive = false;
            _nodes[at] = null;
        }
    }

    /// <summary>Waits until about when the oldest permit of the running window leaves it.</summary>
    public void WaitUntilFree(TimeSpan beyond)
    {
        var now = time.GetUtcNow();
        var oldest = _admitted.Where(permit => !permit.GivenBack && now - permit.At < window).Select(static permit => permit.At).DefaultIfEmpty(now).Min();
        var wait = window - (now - oldest) + beyond;
        if (wait > TimeSpan.Zero)
        {
            time.Advance(wait);
        }
    }

    public void StepBack(TimeSpan by) => clock.SetBack += by;

    /// <summary>A request, with all that it needs delivered at once.</summary>
    public async Task AskAsync(int at)
    {
        Request(at);
        for (var i = 0; i < 3 && _nodes[at] is { HasBegun: true }; i++)
        {
            Send(at);
            await DeliverAsync(at);
            Hear(at, answered: true);
        }
    }

    /// <summary>No window, wherever it starts, holds more than the rate.</summary>
    public void Check()
    {
        var admitted = _admitted.Where(static permit => !permit.GivenBack).Select(static permit => permit.At).Order().ToList();
        var first = 0;
        for (var i = 0; i < admitted.Count; i++)
        {
            while (admitted[i] - admitted[first] >= window)
            {
                first++;
            }

            Assert.True(i - first + 1 <= rate, $"{i - first + 1} requests in a window of {window} that allows {rate}");
        }
    }

    /// <summary>The ledger's clock: the true time, set back by what it has been set back.</summary>
    internal sealed class Clock(FakeTime time) : TimeProvider
    {
        public TimeSpan SetBack { get; set; }

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() - SetBack;
    }

    private sealed class Node(RateLease lease)
    {
        private readonly TaskCompletionSource _never = new();

        public RateLease Lease => lease;

        public bool IsAlive { get; set; } = true;

        public bool HasBegun { get; set; }

        public bool IsReturn { get; set; }

        public int Waiting { get; set; }

        public RateDemand? Demand { get; set; }

        public RateGrant? Grant { get; set; }

        public Task Begin()
        {
            HasBegun = true;
            return _never.Task;
        }
    }

    private sealed class Permit(DateTimeOffset at, Node node, RateAnswer answer)
    {
        public DateTimeOffset At => at;

        public Node Node => node;

        public RateAnswer Answer => answer;

        public bool GivenBack { get; set; }
    }
}
