using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>Rates and quotas counted by scripts in Redis: all counters of an owner stand in one slot, and one call takes from both.</summary>
internal sealed class RedisLedger(RedisLink link, LedgerClock clock) : ILedger, IRateLedger
{
    private static readonly RedisScript LeaseScript = new("lease");
    private static readonly RedisScript ReadScript = new("quota_read");

    private readonly RedisKeyspace _keys = link.Keys;

    public RateWindows? LocalRates => null;

    public IRateLedger? SharedRates => this;

    public async ValueTask<QuotaGrant> LeaseAsync(QuotaDemand demand, CancellationToken cancellationToken)
    {
        demand = Named(demand);
        var answer = await CallAsync(LeaseCall.Of(clock).With(demand), demand.Counter.Owner, _keys.Quotas(demand.Counter.Owner), cancellationToken);
        return ReadQuota(answer, demand);
    }

    public async ValueTask<(RateGrant Rate, QuotaGrant? Quota)> LeaseAsync(RateDemand rate, QuotaDemand? quota, CancellationToken cancellationToken)
    {
        var call = LeaseCall.Of(clock).With(rate);
        if (quota is not null)
        {
            quota = Named(quota);
            call.With(quota);
        }

        var answer = await CallAsync(call, rate.Counter.Owner, RateKey(rate), cancellationToken);
        return (ReadRate(answer), quota is null ? null : ReadQuota(answer, quota));
    }

    public async ValueTask ReturnAsync(CounterId counter, QuotaReturn returned, CancellationToken cancellationToken) =>
        await CallAsync(LeaseCall.Of(clock).With(counter, returned), counter.Owner, _keys.Quotas(counter.Owner), cancellationToken);

    public async ValueTask<QuotaReading?> ReadAsync(CounterId counter, CancellationToken cancellationToken)
    {
        var answer = await link.EvalAsync(ReadScript, [_keys.Quotas(counter.Owner)], [counter.Scope, clock.Now().Milliseconds], RedisUse.Read, cancellationToken);
        return answer.IsNull ? null : new QuotaReading((long)((RedisResult[])answer!)[0], Instant((long)((RedisResult[])answer!)[1]));
    }

    public async ValueTask ResetAsync(string owner, CancellationToken cancellationToken) =>
        await link.RunAsync(RedisUse.Write, database => database.KeyDeleteAsync(_keys.Quotas(owner)), cancellationToken);

    private async Task<long[]> CallAsync(LeaseCall call, string owner, RedisKey rateKey, CancellationToken cancellationToken) =>
        (long[])(await link.EvalAsync(LeaseScript, [rateKey, _keys.Quotas(owner)], call.Arguments, RedisUse.Write, cancellationToken))!;

    private static QuotaDemand Named(QuotaDemand demand) => demand.LeaseId is null ? demand with { LeaseId = LeaseId.New() } : demand;

    private static RateGrant ReadRate(long[] answer) => new(
        answer[0],
        answer[1],
        answer[2] < 0 ? null : TimeSpan.FromMicroseconds(answer[2]),
        TimeSpan.FromMicroseconds(answer[3]),
        answer[4],
        answer[5]);

    private static QuotaGrant ReadQuota(long[] answer, QuotaDemand demand)
    {
        var (granted, continues, ends) = (Math.Max(0, answer[6]), answer[9] == 1, Instant(answer[8]));
        var now = DateTimeOffset.FromUnixTimeMilliseconds(answer[11]).AddTicks(answer[12]);
        return new QuotaGrant(granted > 0 || (continues && answer[6] >= 0) ? demand.LeaseId!.Value.Value : 0, granted, answer[7], ends, ends - now, continues) { OthersHold = answer[10] == 1, IsOnlyTold = answer[6] < 0 };
    }

    private static DateTimeOffset? Instant(long milliseconds) => milliseconds < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private RedisKey RateKey(RateDemand rate) => _keys.Owned(rate.Counter.Owner, $"w{(long)rate.Window.TotalMicroseconds}:{rate.Counter.Scope}");
}
