using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Limits;

/// <summary>The quota promise: a node over the real ledger beside plain counting, through crashes, resets and changed settings.</summary>
public sealed class QuotaProperties
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private enum Act
    {
        Spend,
        SpendAtOnce,
        ReturnIdle,
        Wait,
        EndPeriod,
        HearChanges,
        Reset,
        ResetLate,
        ChangeMaximum,
        Forget,
        GiveBack,
        Keep,
        Crash,
    }

    [Fact]
    public Task Quota_AdmitsExactlyItsMaximum_LessWhatCrashesCost() => HoldsAsync(
        60,
        _ => { },
        (8, Act.Spend), (4, Act.SpendAtOnce), (2, Act.ReturnIdle), (3, Act.Wait), (1, Act.EndPeriod), (2, Act.HearChanges), (1, Act.Reset), (1, Act.ResetLate), (2, Act.ChangeMaximum), (1, Act.Forget), (4, Act.Keep), (1, Act.Crash));

    [Fact]
    public Task Quota_AdmitsExactlyItsMaximum_WithoutCrashes() => HoldsAsync(
        120,
        static run => Assert.Equal(0, run.Lost),
        (8, Act.Spend), (6, Act.SpendAtOnce), (2, Act.ReturnIdle), (3, Act.Wait), (1, Act.EndPeriod), (2, Act.HearChanges), (1, Act.Reset), (1, Act.ResetLate), (1, Act.ChangeMaximum), (1, Act.Forget), (6, Act.GiveBack), (2, Act.Keep));

    private static async Task HoldsAsync(int count, Action<Run> check, params (int Weight, Act Act)[] acts)
    {
        await using var machine = new QuotaMachine();
        var number = 0;
        await Properties.HoldsAsync(
            Steps(acts),
            count,
            async steps =>
            {
                using var run = new Run(machine, $"key{Interlocked.Increment(ref number)}");
                foreach (var step in steps)
                {
                    await run.DoAsync(step);
                }

                check(run);
            },
            Properties.Shorter);
    }

    private static Gen<Step[]> Steps(params (int Weight, Act Act)[] acts) =>
        (from act in Gen.Frequency([.. acts.Select(static entry => (entry.Weight, Gen.Constant(entry.Act)))])
         from number in Gen.Choose(1, 120)
         select new Step(act, number)).ListOf().Select(static steps => steps.ToArray());

    private sealed record Step(Act Act, int Number)
    {
        public override string ToString() => $"{Act} {Number}";
    }

    /// <summary>The life of one key, and what is known of it by counting.</summary>
    private sealed class Run : IDisposable
    {
        private static readonly CancellationToken None = CancellationToken.None;
        private readonly QuotaMachine _machine;
        private readonly FakeTime _time;
        private readonly KeyHash _key;
        private WatchedLedger _ledger = null!;
        private Node _node = null!;
        private long _maximum = 100;
        private long _admitted;
        private DateTimeOffset? _ends;
        private readonly List<(QuotaCounter Counter, int Series)> _returnable = [];

        public Run(QuotaMachine machine, string key)
        {
            (_machine, _time, _key) = (machine, machine.Time, KeyHash.Of(key));
            Start();
        }

        /// <summary>Permits of the running period that crashes cost.</summary>
        public long Lost { get; private set; }

        private CounterId Counter => new(_key.ToHex(), "");

        public async Task DoAsync(Step step)
        {
            switch (step.Act)
            {
                case Act.Spend:
                    await SpendAsync(1 + (step.Number % 12));
                    break;
                case Act.SpendAtOnce:
                    await SpendAtOnceAsync(step.Number % 30);
                    break;
                case Act.ReturnIdle:
                    // What is idle goes back, but not while a request that was charged to it is undecided.
                    await _node.Quotas.ReturnIdleAsync(_time.GetTimestamp());
                    Assert.True(_returnable.Count > 0 || _node.Quotas.Find(Counter).Unspent(_time.GetTimestamp()) == 0);
                    break;
                case Act.Wait:
                    // An odd length, so that periods end between milliseconds and ticks of either clock.
                    _time.Advance(TimeSpan.FromTicks((step.Number * 300_007L) + step.Number));
                    break;
                case Act.EndPeriod:
                    _time.Advance(Period);
                    break;
                case Act.HearChanges:
                    Keep(_returnable.Count);
                    await _node.Feed.ReadOnceAsync(None);
                    break;
                case Act.Reset:
                    await _node.Keys.ResetCountersAsync(_key.ToHex(), None);
                    await _node.Invalidations.PublishKeyAndCountersAsync(_key, _key.ToHex(), None);
                    (_admitted, Lost, _ends) = (0, 0, null);
                    Keep(_returnable.Count);
                    break;
                case Act.ResetLate:
                    await ResetLateAsync(step.Number % 8);
                    break;
                case Act.ChangeMaximum:
                    _maximum = step.Number;
                    break;
                case Act.Forget:
                    _node.Quotas.Trim(long.MaxValue);
                    _returnable.RemoveAll(spent => spent.Counter != _node.Quotas.Find(Counter));
                    break;
                case Act.GiveBack:
                    GiveBack(step.Number);
                    break;
                case Act.Keep:
                    Keep(step.Number);
                    break;
                case Act.Crash:
                    await CrashAsync();
                    break;
            }

            await CompareAsync();
        }

        public void Dispose() => _node.Dispose();

        private void Start()
        {
            _ledger = new WatchedLedger(_machine.Store.Ledger);
            _node = Node.Over(_machine.Store.Records, _ledger, new InProcessChangeLog(), _time);
        }

        private async Task SpendAsync(int requests)
        {
            for (var i = 0; i < requests; i++)
            {
                Take((await AskAsync()).Outcome == QuotaOutcome.Spent ? 1 : 0, asked: 1);
            }
        }

        private async Task SpendAtOnceAsync(int requests)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => AskAsync()));
            Take(answers.Count(static answer => answer.Outcome == QuotaOutcome.Spent), requests);
        }

        private void Take(int admitted, int asked)
        {
            var now = _time.GetUtcNow();
            if (_ends <= now)
            {
                // What was spent just now is of the new period.
                (_admitted, Lost, _ends) = (0, 0, null);
                Keep(_returnable.Count - admitted);
            }

            Assert.Equal(Math.Clamp(_maximum - _admitted - Lost, 0, asked), admitted);
            _admitted += admitted;
            if (asked > 0)
            {
                // A period begins with the first request that is counted, and is kept in whole milliseconds.
                _ends ??= DateTimeOffset.FromUnixTimeMilliseconds((now + Period).AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds());
            }
        }

        // Between the ledger's reset and this node's hearing of it, permits leased before may still be spent; they belong to no period.
        private async Task ResetLateAsync(int requests)
        {
            await _node.Keys.ResetCountersAsync(_key.ToHex(), None);
            (_admitted, Lost, _ends) = (0, 0, null);
            for (var i = 0; i < requests; i++)
            {
                var asked = _ledger.Demands.Count;
                var answer = await AskAsync();
                if (_ledger.Demands.Count > asked)
                {
                    Take(answer.Outcome == QuotaOutcome.Spent ? 1 : 0, asked: 1);
                }
                else if (_ends is not null)
                {
                    Take(answer.Outcome == QuotaOutcome.Spent ? 1 : 0, asked: 1);
                }
            }

            await _node.Invalidations.PublishKeyAndCountersAsync(_key, _key.ToHex(), None);
            Keep(_returnable.Count);
        }

        private async Task CrashAsync()
        {
            var reading = await _ledger.ReadAsync(Counter, None);
            var cost = reading is null ? 0 : reading.Used - _admitted - Lost;
            // A lease is at most a tenth of what was left; one of a single permit was spent at once.
            var leftBefore = _ledger.LastGrant is { } last ? last.Maximum - (last.Grant.Used - last.Grant.Granted) : 0;
            Assert.InRange(cost, 0, leftBefore / 10);
            Lost += cost;

            _node.Dispose();
            await _machine.CrashAsync();
            _returnable.Clear();
            Start();
        }

        // What management shows is exact on one node, at every moment.
        private async Task CompareAsync()
        {
            var shown = await _node.Quotas.ReadAsync(Counter.Owner, Counter.Scope, None);
            var running = _ends > _time.GetUtcNow();
            Assert.Equal(running ? new QuotaUse(_admitted + Lost, _ends) : null, shown);
        }

        private async Task<QuotaAnswer> AskAsync()
        {
            QuotaAnswer answer;
            do
            {
                answer = await _node.Quotas.SpendAsync(_node.Quotas.Find(Counter), new QuotaLimit(_maximum, Period), undecided: true, None);
            }
            while (answer.Outcome == QuotaOutcome.Retired);
            if (answer.Outcome == QuotaOutcome.Spent)
            {
                lock (_returnable)
                {
                    _returnable.Add((_node.Quotas.Find(Counter), answer.Series));
                }
            }

            return answer;
        }

        // Requests that a later step refused: they count for nothing, as long as their period runs.
        private void GiveBack(int most)
        {
            foreach (var (counter, series) in _returnable.TakeLast(most))
            {
                counter.GiveBack(series, _time.GetTimestamp());
                _admitted -= _ends > _time.GetUtcNow() ? 1 : 0;
            }

            _returnable.RemoveRange(Math.Max(0, _returnable.Count - most), Math.Min(most, _returnable.Count));
        }

        // Requests that were admitted, the oldest first; of those whose period is over nothing is known any more.
        private void Keep(int most)
        {
            foreach (var (counter, series) in _returnable.Take(most))
            {
                counter.Keep(series);
            }

            _returnable.RemoveRange(0, Math.Min(most, _returnable.Count));
        }
    }
}
