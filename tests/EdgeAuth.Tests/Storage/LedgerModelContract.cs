using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Storage;

/// <summary>
/// The quota promise at its authority: several nodes lease and return permits of random sizes at random readings of the clock, beside a list
/// of every lease there was.
/// </summary>
public abstract class LedgerModelContract : IAsyncLifetime
{
    private const int Nodes = 3;
    private static readonly CancellationToken None = CancellationToken.None;
    private Func<Task> _closeAsync = null!;
    private ILedger _ledger = null!;
    private int _runs;

    private enum Act
    {
        Lease,
        Return,
        ReturnAgain,
        Wait,
        WaitForTheEnd,
        StepBack,
        ChangeMaximum,
        ChangePeriod,
        Reset,
    }

    private protected FakeTime Time { get; } = new();

    public async Task InitializeAsync() => (_ledger, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    private protected abstract Task<Opened<ILedger>> OpenAsync();

    [Fact]
    public Task NoPeriod_GivesMoreThanItsMaximum_ToAllNodesTogether() => Properties.HoldsAsync(
        Steps.ListOf().ScaleSize(static size => size * 2).Select(static steps => steps.ToArray()),
        150,
        async steps =>
        {
            var run = new Run(_ledger, Time, new CounterId($"owner{Interlocked.Increment(ref _runs)}", "scope"));
            foreach (var step in steps)
            {
                await run.DoAsync(step);
            }
        },
        Properties.Shorter);

    private static Gen<Step> Steps =>
        from act in Gen.Frequency(
            (12, Gen.Constant(Act.Lease)), (4, Gen.Constant(Act.Return)), (1, Gen.Constant(Act.ReturnAgain)), (4, Gen.Constant(Act.Wait)), (2, Gen.Constant(Act.WaitForTheEnd)),
            (1, Gen.Constant(Act.StepBack)), (1, Gen.Constant(Act.ChangeMaximum)), (1, Gen.Constant(Act.ChangePeriod)), (1, Gen.Constant(Act.Reset)))
        from node in Gen.Choose(0, Nodes - 1)
        from number in Gen.Choose(0, 120)
        select new Step(act, node, number);

    private sealed record Step(Act Act, int Node, int Number)
    {
        public override string ToString() => $"{Act} {Node}/{Number}";
    }

    /// <summary>A lease as its node knows it: how much was granted, and how much of it went back.</summary>
    private sealed class Lease(long id, long granted)
    {
        public long Id => id;

        public long Granted => granted;

        public long Freed { get; set; }

        public bool IsEnded { get; set; }
    }

    private sealed class Run(ILedger ledger, FakeTime time, CounterId counter)
    {
        private readonly Lease?[] _held = new Lease?[Nodes];
        private List<Lease> _leases = [];
        private List<Lease> _void = [];
        private long _maximum = 100;
        private TimeSpan? _period = TimeSpan.FromSeconds(60);
        private bool _runs;
        private DateTimeOffset? _ends;

        private long Used => _leases.Sum(static lease => lease.Granted - lease.Freed);

        private bool IsRunning => _runs && (_ends is null || _ends > time.GetUtcNow());

        public async Task DoAsync(Step step)
        {
            switch (step.Act)
            {
                case Act.Lease:
                    await LeaseAsync(step.Node, step.Number);
                    break;
                case Act.Return when _held[step.Node] is { } lease:
                    await ledger.ReturnAsync(counter, End(step.Node, lease, step.Number), None);
                    break;
                case Act.ReturnAgain when _void.Concat(_leases).FirstOrDefault(static lease => lease.IsEnded) is { } ended:
                    await ledger.ReturnAsync(counter, new QuotaReturn(ended.Id, ended.Granted), None);
                    break;
                case Act.Wait:
                    // Nothing at all, or an odd length between milliseconds.
                    time.Advance(TimeSpan.FromTicks(step.Number % 3 == 0 ? 0 : (step.Number * 100_003L) + step.Number));
                    break;
                case Act.WaitForTheEnd when _runs && _ends > time.GetUtcNow():
                    time.Advance(_ends.Value - time.GetUtcNow() - TimeSpan.FromTicks(step.Number % 3));
                    break;
                case Act.StepBack:
                    time.StepWallClock(-TimeSpan.FromMilliseconds(step.Number * 11));
                    break;
                case Act.ChangeMaximum:
                    _maximum = step.Number % 4 == 0 ? 1000 : 1 + step.Number;
                    break;
                case Act.ChangePeriod:
                    _period = step.Number % 5 == 0 ? null : TimeSpan.FromMilliseconds(1 + (step.Number * 333));
                    break;
                case Act.Reset:
                    await ledger.ResetAsync(counter.Owner, None);
                    EndPeriod();
                    break;
            }

            Assert.Equal(IsRunning ? new QuotaReading(Used, _ends) : null, await ledger.ReadAsync(counter, None));
        }

        private async Task LeaseAsync(int node, int wanted)
        {
            // A node gives back what it holds with the call that asks for more.
            QuotaReturn? returned = _held[node] is { } held ? End(node, held, wanted) : null;
            var now = time.GetUtcNow();
            if (!IsRunning)
            {
                EndPeriod();
                _runs = true;
                _ends = _period is { } length ? DateTimeOffset.FromUnixTimeMilliseconds((now + length).AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds()) : null;
            }

            var left = Math.Max(0, _maximum - Used);
            var grant = await ledger.LeaseAsync(new QuotaDemand(counter, _maximum, _period, wanted, returned), None);

            // All that is left may be had, a tenth of it at a time.
            Assert.Equal(left == 0 ? 0 : Math.Min(Math.Max(1, wanted), Math.Max(1, left / 10)), grant.Granted);
            if (grant.Granted > 0)
            {
                _held[node] = new Lease(grant.LeaseId, grant.Granted);
                _leases.Add(_held[node]!);
                Assert.True(Used <= _maximum);
            }

            Assert.Equal((Used, _ends, _ends - now), (grant.Used, grant.PeriodEnds, grant.PeriodLeft));
        }

        // Some of it was spent; what was not is free again, if its period still runs.
        private QuotaReturn End(int node, Lease lease, int number)
        {
            var unspent = number % (lease.Granted + 1);
            (_held[node], lease.Freed, lease.IsEnded) = (null, unspent, true);
            return new QuotaReturn(lease.Id, unspent);
        }

        private void EndPeriod()
        {
            _void = [.. _void, .. _leases];
            (_leases, _runs, _ends) = ([], false, null);
        }
    }
}
