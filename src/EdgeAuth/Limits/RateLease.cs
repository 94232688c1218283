using System.Diagnostics.CodeAnalysis;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>
/// This node's share of a rate that several nodes count together: a lease it may spend from until its deadline, and what it must report of it.
/// One call to the ledger is under way at most. What a call reports cannot be spent from the moment the call is composed, and is reported until
/// a call is answered; a lease whose grant was never heard is freed by the ledger with the next call.
/// </summary>
/// <remarks>
/// What was spent is reported by the time since the lease was asked for, and booked as long after the ledger granted it. That is never before its
/// use, because the ledger granted it after it was asked.
/// </remarks>
internal sealed class RateLease(CounterId id, TimeSpan window, Peers peers, TimeProvider time, Action<RateLease> watch) : RateCounter
{
    private const double LongestTrip = 5;

    private readonly Lock _gate = new();
    private readonly RateRefunds _refunds = new();
    private readonly SpentPermits _spent = new((long)window.TotalMicroseconds);
    private LeasePace _pace = new(IdleAfterOf(window), window / 2);
    private Task? _call;
    private int _waiting;
    private bool _retired;
    private long _limit;
    private LeaseId _next = LeaseId.New();
    private LeaseId _lease;
    private RateReport? _unheard;
    private long _granted;
    private long _left;
    private long _sentAt;
    private long _deadline;
    private RateGrant? _last;
    private bool _isFresh;
    private long _free;
    private long _freeAt;
    private long _refusedUntil;
    private long _lastUse = long.MinValue;
    private double _trip;

    public CounterId Id => id;

    public TimeSpan Window => window;

    /// <summary>A lease that was not used for this long is returned.</summary>
    public TimeSpan IdleAfter => IdleAfterOf(window);

    /// <summary>How many the last lease had.</summary>
    public long LastGranted => Volatile.Read(ref _granted);

    public override RateAnswer TryTake(long now, long limit)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return new RateAnswer(RateOutcome.Retired, 0, 0, 0);
            }

            _lastUse = now;
            if (_limit != limit || _call is not null)
            {
                return new RateAnswer(RateOutcome.Ask, 0, 0, 0);
            }

            if (_left > 0 && now < _deadline)
            {
                _pace.Arrived();
                return Spend(now);
            }

            if (now >= _refusedUntil)
            {
                return new RateAnswer(RateOutcome.Ask, 0, 0, 0);
            }

            // Whoever is told to ask comes again, and is counted then.
            _pace.Arrived();
            return new RateAnswer(RateOutcome.Refused, 0, _refusedUntil - now, 0);
        }
    }

    public override RateAnswer GiveBack(in RateAnswer taken, long limit)
    {
        lock (_gate)
        {
            if (taken.Lease == _lease.Value)
            {
                _left++;
                _spent.Remove(taken.BookedAt - _last!.At);
            }
            else
            {
                // Reported as spent: it can be freed once that is known to have arrived, so whom the ledger refused before it need not refuse again.
                _refunds.Add(taken);
                _refusedUntil = 0;
            }

            watch(this);
            var remaining = taken.Remaining + 1;
            return taken with { Remaining = remaining, TicksUntilFree = remaining < limit ? taken.TicksUntilFree : 0 };
        }
    }

    /// <summary>True while permits are held, or a call is under way that may bring some.</summary>
    public bool Holds
    {
        get
        {
            lock (_gate)
            {
                return _left > 0 || _refunds.Count > 0 || _call is not null;
            }
        }
    }

    /// <summary>True when the ledger must be asked before a permit can be taken or refused.</summary>
    public bool MustAsk(long now, long limit)
    {
        lock (_gate)
        {
            return _limit != limit || _call is not null || ((_left == 0 || now >= _deadline) && now >= _refusedUntil);
        }
    }

    /// <summary>Joins the call under way, or begins one, to take a permit afterwards. False when too many wait already.</summary>
    public bool TryJoinCall(Func<RateLease, Task> begin, int mostWaiting, [NotNullWhen(true)] out Task? call)
    {
        lock (_gate)
        {
            if (!_retired && _waiting >= mostWaiting)
            {
                call = null;
                return false;
            }

            if (!_retired)
            {
                _waiting++;
                _call ??= begin(this);
            }

            call = _call ?? Task.CompletedTask;
            return true;
        }
    }

    /// <summary>Ends the lease and composes the call for another, sent from here on.</summary>
    public RateDemand BeginAsk(long limit, long now)
    {
        lock (_gate)
        {
            _limit = limit;
            return Compose(now, Math.Max(1, _waiting), _pace.Next(now, time));
        }
    }

    /// <summary>Begins to return the lease, if it was not used since it may be called idle; <paramref name="always"/> returns it anyway.</summary>
    public bool TryReturn(long now, bool always, Func<RateLease, Task> begin, [NotNullWhen(true)] out Task? call)
    {
        lock (_gate)
        {
            if (_call is not null || (_left == 0 && _refunds.Count == 0) || (!always && time.GetElapsedTime(_lastUse, now) < IdleAfter))
            {
                call = null;
                return false;
            }

            _pace.Returned();
            call = _call = begin(this);
            return true;
        }
    }

    /// <summary>Composes the call that only reports, sent from here on.</summary>
    public RateDemand BeginReturn(long now)
    {
        lock (_gate)
        {
            return Compose(now, waiters: 0, pace: 0);
        }
    }

    /// <summary>Takes the answer in; null when none was heard. True when the lease must be watched, because nobody may want all of it.</summary>
    public bool EndAsk(RateDemand demand, RateGrant? grant, long now)
    {
        lock (_gate)
        {
            (_call, _waiting) = (null, 0);
            if (grant is null)
            {
                return false;
            }

            _unheard = null;
            _trip = Math.Min(LongestTrip, Math.Max(_trip * 0.8, time.GetElapsedTime(_sentAt, now).TotalSeconds));
            _last = grant;
            (_lease, _left, _granted) = (grant.Granted > 0 ? demand.LeaseId : default, grant.Granted, grant.Granted);
            _deadline = _sentAt + Ticks(grant.Valid);
            _free = grant.Free;
            _freeAt = grant.UntilFree is { } until ? now + Ticks(until) : now;
            _isFresh = true;
            _refusedUntil = demand.Waiters > 0 && grant.Granted == 0 ? _freeAt : 0;
            return _left > 0;
        }
    }

    /// <summary>The ledger may have lost its data: what it granted is void.</summary>
    public void Void()
    {
        lock (_gate)
        {
            (_left, _refusedUntil, _free) = (0, 0, 0);
        }
    }

    /// <summary>Ends this counter if it holds nothing and was not used since, so that its owner may forget it.</summary>
    public bool TryRetire(long unusedSince)
    {
        lock (_gate)
        {
            return _retired = _call is null && _lastUse < unusedSince && (_left == 0 || time.GetTimestamp() >= _deadline);
        }
    }

    private static TimeSpan IdleAfterOf(TimeSpan window) => TimeSpan.FromSeconds(Math.Max(0.1, window.TotalSeconds / 20));

    // To be called under the gate, as all that follows.
    private RateAnswer Spend(long now)
    {
        _left--;
        var at = _spent.Add(now == _sentAt ? 0 : (long)Math.Ceiling(time.GetElapsedTime(_sentAt, now).TotalMicroseconds) + 1);

        // Others may have taken what was free, so it is shown only to the request that was waiting to be told.
        var remaining = _left + (_isFresh || !peers.MayBeThere ? _free + _refunds.Count : 0);
        _isFresh = false;
        // While the lease is booked under its deadline, that may be beyond when this very permit is free again.
        return new RateAnswer(RateOutcome.Taken, remaining, Math.Clamp(_freeAt - now, 0, Ticks(window)), _last!.At + at) { Lease = _lease.Value, Steps = _last.Steps };
    }

    private RateDemand Compose(long now, int waiters, double pace)
    {
        var refund = _last is null ? null : _refunds.Take(_unheard?.LeaseId ?? default, _last.Steps);
        if (_lease != default)
        {
            _unheard = _spent.Report(_lease);
        }

        var demand = new RateDemand(id, _limit, window, waiters, pace, ShortestLease(), _next) { Report = _unheard, Refund = refund };
        (_lease, _left, _next, _sentAt) = (default, 0, _next.Next(), now);
        return demand;
    }

    private TimeSpan ShortestLease() => TimeSpan.FromSeconds(Math.Max(2 * _trip, Math.Min(0.05, window.TotalSeconds / 20)));

    private long Ticks(TimeSpan length) => (long)(length.TotalSeconds * time.TimestampFrequency);
}
