using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>The arguments of <c>lease.lua</c>, in its order.</summary>
internal sealed class LeaseCall
{
    // Lua counts in doubles.
    private const long MostPermits = 1L << 53;
    private const int Rate = 2;
    private const int Quota = 13;

    private LeaseCall(LedgerClock clock)
    {
        Arguments = new RedisValue[23];
        Array.Fill(Arguments, RedisValue.EmptyString);
        (Arguments[0], Arguments[1]) = clock.Now();
        Arguments[Rate] = 0;
    }

    public RedisValue[] Arguments { get; }

    public static LeaseCall Of(LedgerClock clock) => new(clock);

    public LeaseCall With(RateDemand demand) => Set(
        Rate,
        Math.Min(demand.Permits, MostPermits),
        (long)demand.Window.TotalMicroseconds,
        demand.Waiters,
        demand.Pace.ToString("F3", CultureInfo.InvariantCulture),
        (long)Math.Ceiling(demand.ShortestLease.TotalMicroseconds),
        demand.LeaseId.Source,
        demand.LeaseId.Sequence,
        demand.Report?.LeaseId is { } reported && reported.Source == demand.LeaseId.Source ? reported.Sequence : 0,
        Text(demand.Report?.Spent),
        demand.Refund?.Steps ?? 0,
        Text(demand.Refund?.Permits));

    public LeaseCall With(QuotaDemand demand)
    {
        Set(
            Quota,
            "lease",
            demand.Counter.Scope,
            Math.Min(demand.Maximum, MostPermits),
            demand.Period?.Ticks ?? -1,
            Math.Min(demand.Wanted, MostPermits),
            demand.LeaseId!.Value.Source,
            demand.LeaseId.Value.Sequence);
        return demand.Return is { } returned ? Return(returned) : this;
    }

    public LeaseCall With(CounterId counter, QuotaReturn returned) => Set(Quota, "return", counter.Scope).Return(returned);

    private LeaseCall Return(QuotaReturn returned)
    {
        var lease = new LeaseId(returned.LeaseId);
        return Set(Quota + 7, lease.Source, lease.Sequence, returned.Unspent);
    }

    private LeaseCall Set(int first, params ReadOnlySpan<RedisValue> values)
    {
        values.CopyTo(Arguments.AsSpan(first));
        return this;
    }

    private static string Text(IReadOnlyList<PermitsAt>? counts)
    {
        if (counts is null || counts.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (microseconds, permits) in counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{microseconds}={permits} ");
        }

        return text.ToString();
    }
}
