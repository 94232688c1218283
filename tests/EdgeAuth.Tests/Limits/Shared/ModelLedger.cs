using EdgeAuth.Storage;

namespace EdgeAuth.Tests.Limits.Shared;

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
        return new((window.Lease(rate, (now - DateTimeOffset.UnixEpoch).Ticks / 10), quota is null ? null : Lease(quota, now)));
    }

    private QuotaGrant Lease(QuotaDemand demand, DateTimeOffset now)
    {
        if (!_quotas.TryGetValue(demand.Counter, out var quota))
        {
            _quotas[demand.Counter] = quota = new Quota();
        }

        return quota.Lease(demand, now);
    }

    private sealed class Window(long length)
    {
        private readonly long _width = Math.Max(1, (length + 99) / 100);
        private readonly Dictionary<long, long> _booked = [];
        private readonly Dictionary<long, Held> _held = [];
        private long? _latest;
        private long _steps;

        public RateGrant Lease(RateDemand demand, long now)
        {
            if (_held.TryGetValue(demand.LeaseId.Source, out var late) && late.Sequence >= demand.LeaseId.Sequence)
            {
                return new RateGrant(0, 0, null, TimeSpan.Zero, now / _width, Micro(now % _width), _steps);
            }

            SetBack(now);
            Forget(now);
            if (_held.TryGetValue(demand.LeaseId.Source, out var known))
            {
                TakeBack(demand, known, now);
            }

            foreach (var (bucket, permits) in demand.Refund?.Steps == _steps ? demand.Refund.Permits : [])
            {
                _booked[bucket] = Math.Max(0, _booked.GetValueOrDefault(bucket) - permits);
            }

            foreach (var bucket in _booked.Keys.Where(bucket => _booked[bucket] <= 0).ToList())
            {
                _booked.Remove(bucket);
            }

            var free = demand.Permits - _booked.Values.Sum();
            var (granted, valid) = demand.Waiters > 0 && free > 0 ? Size(demand, free) : (0, 0);
            if (granted > 0)
            {
                var deadline = (now + valid) / _width;
                Book(deadline, granted, now);
                _held[demand.LeaseId.Source] = new Held(demand.LeaseId.Sequence, deadline, granted, now / _width);
            }

            free -= granted;
            var answer = new RateGrant(granted, Math.Max(0, free), UntilFree(free, now), Micro(valid), now / _width, Micro(now % _width), _steps);
            if (_booked.Count == 0)
            {
                (_latest, _steps) = (null, 0);
            }

            return answer;
        }

        private void SetBack(long now)
        {
            if (now < _latest)
            {
                var (by, bucket) = ((_latest.Value - now) / _width, now / _width);
                var moved = _booked.GroupBy(pair => Math.Max(bucket, pair.Key - by)).ToDictionary(static group => group.Key, static group => group.Sum(static pair => pair.Value));
                _booked.Clear();
                foreach (var (key, permits) in moved)
                {
                    _booked[key] = permits;
                }

                foreach (var (source, held) in _held.ToList())
                {
                    _held[source] = held with { Deadline = Math.Max(bucket, held.Deadline - by), Granted = Math.Max(bucket, held.Granted - by) };
                }

                _steps++;
            }

            _latest = now;
        }

        // A bucket counts until its end is a window old. What has no booking left is forgotten altogether.
        private void Forget(long now)
        {
            foreach (var bucket in _booked.Keys.Where(bucket => HasLeft(bucket, now) || _booked[bucket] <= 0).ToList())
            {
                _booked.Remove(bucket);
            }

            foreach (var source in _held.Where(pair => HasLeft(pair.Value.Deadline, now)).Select(static pair => pair.Key).ToList())
            {
                _held.Remove(source);
            }
        }

        private void TakeBack(RateDemand demand, Held known, long now)
        {
            Book(known.Deadline, -known.Permits, now);
            if (demand.Report is { } report && report.LeaseId == demand.LeaseId with { Value = demand.LeaseId.Value - demand.LeaseId.Sequence + known.Sequence })
            {
                foreach (var (bucket, permits) in report.Spent)
                {
                    Book(known.Granted + bucket, permits, now);
                }
            }

            _held.Remove(demand.LeaseId.Source);
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
            foreach (var (bucket, permits) in _booked.OrderBy(static pair => pair.Key))
            {
                surplus -= permits;
                if (surplus <= 0)
                {
                    return Micro(((bucket + 1) * _width) + length - now);
                }
            }

            return null;
        }

        private void Book(long bucket, long permits, long now)
        {
            if (!HasLeft(bucket, now))
            {
                _booked[bucket] = _booked.GetValueOrDefault(bucket) + permits;
            }
        }

        private bool HasLeft(long bucket, long now) => (bucket + 1) * _width <= now - length;

        private static TimeSpan Micro(long microseconds) => TimeSpan.FromMicroseconds(microseconds);

        private sealed record Held(long Sequence, long Deadline, long Permits, long Granted);
    }

    private sealed class Quota
    {
        private readonly Dictionary<long, (long Sequence, long Permits, DateTimeOffset At)> _held = [];
        private bool _runs;
        private long _used;
        private DateTimeOffset? _ends;

        public QuotaGrant Lease(QuotaDemand demand, DateTimeOffset now)
        {
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
            var others = _held.Values.Any(held => held.Permits > 0 && Whole(now) - held.At < TimeSpan.FromSeconds(60));
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
