using EdgeAuth.Storage;
using EdgeAuth.Tests.Limits.ManyNodes;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>The script beside a model of it in plain words: the same calls, whatever they say, get the same answers.</summary>
public sealed class LeaseScriptTests : IAsyncLifetime
{
    private const int Sources = 3;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTime _time = new();
    private SharedRateMachine.Clock _clock = null!;
    private Func<Task> _closeAsync = null!;
    private IRateLedger _ledger = null!;
    private int _runs;

    public async Task InitializeAsync()
    {
        _clock = new SharedRateMachine.Clock(_time);
        (_ledger, _closeAsync) = await RedisStore.OpenAsync<IRateLedger>(_clock, static store => store.Ledger);
    }

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public Task Script_AnswersAsItsModel() => Properties.HoldsAsync(
        from seconds in Gen.Elements(0.1, 1, 13.7, 60)
        from calls in Calls.NonEmptyListOf().ScaleSize(static size => size / 2)
        select (seconds, calls: calls.ToArray()),
        100,
        run => RunAsync(run.seconds, run.calls),
        static run => Properties.Shorter(run.calls).Where(static calls => calls.Length > 0).Select(calls => (run.seconds, calls)));

    private static Gen<Call> Calls =>
        from source in Gen.Choose(0, Sources - 1)
        from sequence in Gen.Frequency((8, Gen.Constant(1)), (1, Gen.Constant(0)), (1, Gen.Constant(2)))
        from permits in Gen.Elements(1, 3, 50, 50, 50, 1_000_000)
        from waiters in Gen.Choose(0, 4)
        from pace in Gen.Elements(0, 0, 0.3, 7.25, 1000)
        from reported in Gen.Choose(0, 5)
        from refund in Gen.Choose(0, 3)
        from wait in Gen.Choose(-40, 120)
        from quota in Gen.Choose(0, 60)
        select new Call(source, sequence, permits, waiters, pace, reported, refund, wait, quota);

    private async Task RunAsync(double seconds, Call[] calls)
    {
        var (model, counter) = (new ModelLedger(_clock.GetUtcNow), new CounterId($"owner{Interlocked.Increment(ref _runs)}", "scope"));
        var leases = Enumerable.Range(0, Sources).Select(static _ => LeaseId.New()).ToArray();
        var held = new (LeaseId Id, RateGrant? Rate, QuotaGrant? Quota)[Sources];
        foreach (var call in calls)
        {
            if (call.Wait < -30)
            {
                _clock.SetBack += TimeSpan.FromSeconds(seconds * (-30 - call.Wait) / 7);
            }
            else
            {
                _time.Advance(TimeSpan.FromSeconds(seconds * Math.Max(0, call.Wait) / 300));
            }

            var id = new LeaseId(leases[call.Source].Value + call.Sequence);
            leases[call.Source] = id;
            var (rate, quota) = (RateOf(call, id, counter, seconds, held[call.Source]), QuotaOf(call, id, counter, held[call.Source]));
            var expected = await model.LeaseAsync(rate, quota, None);
            var answer = await _ledger.LeaseAsync(rate, quota, None);

            Assert.Equal(expected, answer);
            held[call.Source] = (id, answer.Rate, answer.Quota ?? held[call.Source].Quota);
        }
    }

    private static RateDemand RateOf(Call call, LeaseId id, CounterId counter, double seconds, (LeaseId Id, RateGrant? Rate, QuotaGrant? Quota) held)
    {
        var spent = Enumerable.Range(0, call.Reported * call.Reported * 8).Select(i => new PermitsAt((long)(i * seconds * 4321), 1)).Take((int)(held.Rate?.Granted ?? 0)).ToList();
        return new RateDemand(counter, call.Permits, TimeSpan.FromSeconds(seconds), call.Waiters, call.Pace, TimeSpan.FromMilliseconds(seconds * 50), id)
        {
            Report = held.Rate is null || call.Reported == 5 ? null : new RateReport(held.Id, spent),
            Refund = held.Rate is { } last && call.Refund == 0 ? new RateRefund(last.Steps, [new PermitsAt(last.At, 1)]) : null,
        };
    }

    // Half of the calls ask for a quota as well.
    private static QuotaDemand? QuotaOf(Call call, LeaseId id, CounterId counter, (LeaseId Id, RateGrant? Rate, QuotaGrant? Quota) held) => call.Quota > 30 ? null : new QuotaDemand(
        counter,
        call.Permits,
        call.Quota % 3 == 0 ? null : TimeSpan.FromTicks(12_345_678L * (1 + call.Quota)),
        call.Quota,
        held.Quota is { LeaseId: not 0 } quota && call.Reported < 4 ? new QuotaReturn(quota.LeaseId, Math.Min(quota.Granted, call.Reported)) : null) { LeaseId = id };

    private sealed record Call(int Source, int Sequence, int Permits, int Waiters, double Pace, int Reported, int Refund, int Wait, int Quota);
}
