using EdgeAuth.Storage;

namespace EdgeAuth.Tests.Limits.ManyNodes;

/// <summary>
/// What the ledger of shared limits does, in plain words: the rules of the scripts without their tricks. Its clock may be set back under it.
/// </summary>
internal sealed class ModelLedger(Func<DateTimeOffset> clock) : IRateLedger
{
    private readonly Dictionary<(CounterId, TimeSpan), Window> _windows = [];
    private readonly Dictionary<CounterId, Quota> _quotas = [];

    public ValueTask<(RateGrant Rate, QuotaGrant? Quota)> LeaseAsync(RateDemand rate, QuotaDemand? quota, CancellationToken cancellationToken)
    {
        if (!_windows.TryGetValue((rate.Counter, rate.Window), out var window))
        {
            _windows[(rate.Counter, rate.Window)] = window = new Window((long)rate.Window.TotalMicroseconds);
        }

        var now = clock();
        var granted = window.Lease(rate, (now - DateTimeOffset.UnixEpoch).Ticks);
        return new((granted, quota is null ? null : Lease(quota, now, isOnlyTold: granted.Granted == 0)));
    }

    private QuotaGrant Lease(QuotaDemand demand, DateTimeOffset now, bool isOnlyTold)
    {
        if (!_quotas.TryGetValue(demand.Counter, out var quota))
        {
            _quotas[demand.Counter] = quota = new Quota();
        }

        return quota.Lease(demand, now, isOnlyTold);
    }

    private sealed class Window(long length)
    {
        private const int MostExact = 64;
        private readonly long _width = Math.Max(1, (length + 99) / 100);
        private readonly Dictionary<long, long> _booked = [];
        private readonly Dictionary<long, Held> _held = [];
        private long? _latest;
        private long _steps;

        public RateGrant Lease(RateDemand demand, long ticks)
        {
            // What is granted is granted at the end of the microsecond.
            var (now, from) = (ticks / 10, (ticks + 9) / 10);
            if (_held.TryGetValue(demand.LeaseId.Source, out var late) && late.Sequence >= demand.LeaseId.Sequence)
            {
                return new RateGrant(0, 0, null, TimeSpan.Zero, from, _steps);
            }

            SetBack(now);
            Forget(now);
            TakeBack(demand);
            foreach (var (instant, permits) in demand.Refund?.Steps == _steps ? demand.Refund.Permits : [])
            {
                var booked = _booked.ContainsKey(instant) ? instant : Rounded(instant);
                Book(booked, -Math.Min(permits, _booked.GetValueOrDefault(booked)));
            }

            Forget(now);
            if (_booked.Count > MostExact)
            {
                Move(instant => instant > now ? instant : Rounded(instant));
            }

            var free = demand.Permits - _booked.Values.Sum();
            var (granted, valid) = demand.Waiters > 0 && free > 0 ? Size(demand, free) : (0, 0);
            if (granted > 0)
            {
                Book(from + valid, granted);
                _held[demand.LeaseId.Source] = new Held(demand.LeaseId.Sequence, from + valid, granted, from);
            }

            free -= granted;
            var answer = new RateGrant(granted, Math.Max(0, free), UntilFree(free, now), Micro(valid), from, _steps);
            if (_booked.Count == 0)
            {
                (_latest, _steps) = (null, 0);
            }

            return answer;
        }

        private long Rounded(long instant) => (instant + _width - 1) / _width * _width;

        private void SetBack(long now)
        {
            if (now < _latest)
            {
                long Back(long instant) => Math.Max(now, instant - (_latest.Value - now));
                Move(Back);
                foreach (var (source, held) in _held.ToList())
                {
                    _held[source] = held with { Granted = Back(held.Granted) };
                }

                _steps++;
            }

            _latest = now;
        }

        private void Move(Func<long, long> to)
        {
            foreach (var (instant, permits) in _booked.ToList())
            {
                Book(instant, -permits);
                Book(to(instant), permits);
            }

            foreach (var (source, held) in _held.ToList())
            {
                _held[source] = held with { Deadline = to(held.Deadline) };
            }
        }

        // What is a window old has left it; a lease is of no use any more once its booking has.
        private void Forget(long now)
        {
            foreach (var instant in _booked.Keys.Where(instant => instant <= now - length || _booked[instant] <= 0).ToList())
            {
                _booked.Remove(instant);
            }

            foreach (var source in _held.Where(pair => pair.Value.Deadline <= now - length).Select(static pair => pair.Key).ToList())
            {
                _held.Remove(source);
            }
        }

        private void TakeBack(RateDemand demand)
        {
            if (!_held.Remove(demand.LeaseId.Source, out var known))
            {
                return;
            }

            Book(known.Deadline, -known.Permits);
            if (demand.Report is { } report && report.LeaseId == demand.LeaseId with { Value = demand.LeaseId.Value - demand.LeaseId.Sequence + known.Sequence })
            {
                foreach (var (since, permits) in report.Spent)
                {
                    Book(known.Granted + since, permits);
                }
            }
        }

        private (long Granted, long Valid) Size(RateDemand demand, long free)
        {
            var shortest = (long)Math.Ceiling(demand.ShortestLease.TotalMicroseconds);
            var valid = shortest;
            var pace = Math.Round(demand.Pace, 3);
            double[] parts = [0.5, 0.375, 0.25, 0.125, 0.06];
            if (pace > 0)
            {
                var longer = parts.Select(part => (long)Math.Floor(length * part)).FirstOrDefault(longer => longer > valid && pace * longer / 1e6 <= free * 0.75);
                valid = Math.Max(valid, longer);
            }

            return (Math.Max(Math.Min(demand.Waiters, free), Math.Min((long)Math.Floor(pace * valid / 1e6), valid > shortest ? free : free / 2)), valid);
        }

        private TimeSpan? UntilFree(long free, long now)
        {
            var surplus = Math.Max(1, 1 - free);
            foreach (var (instant, permits) in _booked.OrderBy(static pair => pair.Key))
            {
                surplus -= permits;
                if (surplus <= 0)
                {
                    return Micro(instant + length - now);
                }
            }

            return null;
        }

        private void Book(long instant, long permits) => _booked[instant] = _booked.GetValueOrDefault(instant) + permits;

        private static TimeSpan Micro(long microseconds) => TimeSpan.FromMicroseconds(microseconds);

        private sealed record Held(long Sequence, long Deadline, long Permits, long Granted);
    }

    private sealed class Quota
    {
        private readonly Dictionary<long, (long Sequence, long Permits, DateTimeOffset At)> _held = [];
        private bool _runs;
        private long _used;
        private DateTimeOffset? _ends;

        public QuotaGrant Lease(QuotaDemand demand, DateTimeOffset now, bool isOnlyTold)
        {
            if (isOnlyTold)
            {
                var runs = _runs && !(_ends?.ToUnixTimeMilliseconds() <= now.ToUnixTimeMilliseconds());
                return new QuotaGrant(0, 0, runs ? _used : 0, runs ? _ends : null, runs ? _ends - now : null, Continues: false) { IsOnlyTold = true };
            }

            var id = demand.LeaseId!.Value;
            var returned = demand.Return is { } back && TakeBack(new LeaseId(back.LeaseId), back.Unspent);
            if (_held.TryGetValue(id.Source, out var known))
            {
                if (known.Sequence >= id.Sequence)
                {
                    return new QuotaGrant(0, 0, _used, _ends, _ends - now, Continues: false) { OthersHold = true };
                }

                TakeBack(new LeaseId(id.Value - id.Sequence + known.Sequence), known.Permits);
            }

            if (!_runs || _ends?.ToUnixTimeMilliseconds() <= now.ToUnixTimeMilliseconds())
            {
                _held.Clear();
                (_runs, _used, returned) = (true, 0, false);
                _ends = demand.Period is { } period ? DateTimeOffset.FromUnixTimeMilliseconds((now + period).AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds()) : null;
            }

            var left = Math.Max(0, demand.Maximum - _used);
            var granted = left == 0 ? 0 : Math.Min(Math.Max(1, demand.Wanted), Math.Max(1, left / 10));
            var others = _held.Values.Any(held => held.Permits > 0 && Whole(now) - held.At < TimeSpan.FromHours(1));
            _used += granted;
            if (granted > 0 || returned)
            {
                _held[id.Source] = (id.Sequence, granted, Whole(now));
            }

            return new QuotaGrant(granted > 0 || returned ? id.Value : 0, granted, _used, _ends, _ends - now, returned) { OthersHold = others };
        }

        private static DateTimeOffset Whole(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

        private bool TakeBack(LeaseId lease, long unspent)
        {
            if (!_held.TryGetValue(lease.Source, out var held) || held.Sequence != lease.Sequence)
            {
                return false;
            }

            _used -= unspent;
            return _held.Remove(lease.Source);
        }
    }
}
