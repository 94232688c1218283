using System.Diagnostics.CodeAnalysis;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>
/// This node's share of one quota: a lease it may spend from without asking, and what the ledger said last. One call to the ledger is under
/// way at most. A lease that a reset may have voided is not spent any more; it goes back to the ledger, which knows whether it was.
/// </summary>
internal sealed class QuotaCounter(CounterId id, TimeSpan idleAfter, Peers peers)
{
    private readonly Lock _gate = new();
    private Task? _call;
    private int _waiting;
    private int _wanting;
    private int _unserved;
    private int _epoch;
    private LeaseSeries _series;
    private bool _retired;
    private QuotaStanding _standing = new();
    private QuotaRefusal _refusal;
    private LeaseId _next = Storage.LeaseId.New();
    private HeldLease _lease;
    private long _maximum;
    private bool _isFresh;
    private long _lastUse;
    private long _lastAnswer;
    private LeaseSize _size = new(idleAfter);

    public CounterId Id => id;

    private QuotaAnswer Unknown => new(_retired ? QuotaOutcome.Retired : QuotaOutcome.Ask, 0, null);

    /// <summary>
    /// Spends from the lease, or says what stands in the way. Another maximum than the lease's asks the ledger anew. A permit that is undecided
    /// keeps the lease here until it is settled, by <see cref="GiveBack"/> or by <see cref="Keep"/>.
    /// </summary>
    public QuotaAnswer TrySpend(long maximum, bool undecided, long now)
    {
        lock (_gate)
        {
            if (_retired || _maximum != maximum || _standing.HasEnded(now) || _call is not null)
            {
                return Unknown;
            }

            // What was given back may not be spent beyond a maximum that was lowered since.
            if (_lease.Left > 0 && _standing.Used - _lease.Left < _maximum)
            {
                _lease.Spend();
                _lastUse = now;
                _size.Spent();
                _series.Spent(undecided);
                return new QuotaAnswer(QuotaOutcome.Spent, Remaining(), _standing.Ends) { Series = _series.Id };
            }

            _lastAnswer = now;
            return new QuotaAnswer(_refusal.Stands(now) ? QuotaOutcome.Refused : QuotaOutcome.Ask, 0, _standing.Ends);
        }
    }

    /// <summary>Settles an undecided permit: its request was admitted.</summary>
    public void Keep(int series)
    {
        lock (_gate)
        {
            _series.TrySettle(series);
        }
    }

    /// <summary>Settles an undecided permit: its request was refused later on, so it may be spent again, as long as its series lasts.</summary>
    public void GiveBack(int series, long now)
    {
        lock (_gate)
        {
            if (!_series.TrySettle(series))
            {
                return;
            }

            _lastUse = now;
            if (_call is not null && !_lease.IsGood)
            {
                // What the call brings says whether there is a lease to give it back to.
                _series.CameBackEarly();
                return;
            }

            _lease.PutBack();
            if (_lease.IsGood)
            {
                _size.GivenBack();
            }
        }
    }

    /// <summary>The figures as far as they are known, nothing spent.</summary>
    public QuotaAnswer Peek(long maximum, long now)
    {
        lock (_gate)
        {
            _lastAnswer = now;
            return !_retired && _standing.IsKnown(now) ? new QuotaAnswer(QuotaOutcome.Told, peers.MayBeThere ? _lease.Left : Math.Max(0, maximum - _standing.Used + _lease.Left), _standing.Ends) : Unknown;
        }
    }

    /// <summary>Permits leased and not spent.</summary>
    public long Unspent(long now)
    {
        lock (_gate)
        {
            return _standing.HasEnded(now) ? 0 : _lease.Unspent;
        }
    }

    /// <summary>Joins the call under way, or begins one, to spend a permit afterwards. False when too many wait already.</summary>
    public bool TryJoinCall(Func<QuotaCounter, Task> begin, int mostWaiting, [NotNullWhen(true)] out Task? call)
    {
        lock (_gate)
        {
            // A lease of a forgotten counter would never be returned; the caller finds out by trying again.
            call = _retired || TryJoin(begin, mostWaiting) ? _call ?? Task.CompletedTask : null;
            _wanting += call is null ? 0 : 1;
            return call is not null;
        }
    }

    /// <summary>Joins the call under way, or begins one, to know the figures afterwards. False when too many wait already.</summary>
    public bool TryJoinReading(long now, Func<QuotaCounter, Task> begin, int mostWaiting, [NotNullWhen(true)] out Task? call)
    {
        lock (_gate)
        {
            call = _retired || _standing.IsKnown(now) || TryJoin(begin, mostWaiting) ? _call ?? Task.CompletedTask : null;
            return call is not null;
        }
    }

    /// <summary>Ends the lease and says what to ask for, to be sent with the call.</summary>
    public QuotaAsk BeginAsk(long maximum, long now, TimeProvider time)
    {
        lock (_gate)
        {
            return Compose(maximum, now, Math.Max(_wanting, _unserved), time);
        }
    }

    /// <summary>
    /// Rides on a call that is made for something else, to be ended by <see cref="EndAsk"/>. False when the lease has as many permits as are going
    /// to be needed, the quota is used up, or a call is under way already.
    /// </summary>
    public bool TryRide(Task call, long maximum, long needed, long now, TimeProvider time, out QuotaAsk ask)
    {
        lock (_gate)
        {
            var suffices = _maximum == maximum && !_standing.HasEnded(now) && (_lease.Left >= needed || _refusal.Stands(now));
            if (_retired || _call is not null || suffices)
            {
                ask = default;
                return false;
            }

            _call = call;
            ask = Compose(maximum, now, (int)Math.Min(needed, int.MaxValue), time);
            return true;
        }
    }

    /// <summary>Takes a grant in. One that a reset came between, and what a failed call was to return, go back with the next call.</summary>
    public void EndAsk(QuotaAsk ask, QuotaGrant? grant, long sentAt, TimeProvider time)
    {
        lock (_gate)
        {
            // Those whom this grant does not reach come back one by one; the next lease is to serve them all. Whom the ledger refuses does not.
            _unserved = grant is { Granted: > 0 } ? (int)Math.Max(0, _wanting - grant.Granted) : 0;
            EndCall();
            var early = _series.TakeEarly();
            if (grant is null)
            {
                _lease.Doubt(ask.Return is { } unsent ? unsent with { Unspent = unsent.Unspent + early } : null);
                _refusal.Lift();
                return;
            }

            if (ask.Epoch != _epoch)
            {
                _lease.Doubt(grant.Granted == 0 ? null : new QuotaReturn(grant.LeaseId, grant.Granted));
                return;
            }

            if (!grant.Continues)
            {
                _series.End();
                early = 0;
            }

            if (grant.Granted == 0)
            {
                _refusal.Begin(grant.OthersHold, sentAt, time);
            }
            else
            {
                _refusal.End();
            }

            _standing.Take(grant, sentAt, time);
            _lease.Hold(grant.LeaseId, grant.Granted + early);
            (_lastUse, _isFresh) = (sentAt, true);
            _size.Leased(sentAt);
        }
    }

    /// <summary>
    /// Begins to return the lease, if it has been idle or is doubtful. What is undecided would have no lease to come back to, so it is waited for,
    /// unless everything is to go. Requests wait for that call, so that none is refused for want of its permits. False for nothing to return.
    /// </summary>
    public bool TryReturn(long idleSince, Func<QuotaCounter, QuotaReturn, Task> begin, [NotNullWhen(true)] out Task? call)
    {
        lock (_gate)
        {
            if (_call is not null || (!_lease.IsDoubtful && (_lease.Left == 0 || _lastUse > idleSince)) || (_series.IsUndecided && idleSince != long.MaxValue))
            {
                call = null;
                return false;
            }

            if (!_lease.IsDoubtful)
            {
                _size.Returned();
            }

            // Whom the ledger refused before, it need not refuse once it has these.
            _refusal.Lift();
            _standing.Used -= _lease.Left;
            call = _call = begin(this, _lease.Take()!.Value);
            return true;
        }
    }

    /// <summary>Says what must be returned before the ledger is read, or it would be read as used.</summary>
    public QuotaAsk BeginReading()
    {
        lock (_gate)
        {
            return new QuotaAsk(_epoch, 0, _lease.Take());
        }
    }

    /// <summary>Takes in how the counter stands while its call is still under way, unless a reset came between.</summary>
    public void Learn(int epoch, QuotaReading? reading, TimeProvider time)
    {
        lock (_gate)
        {
            if (epoch == _epoch)
            {
                _refusal.Lift();
                _standing.Take(reading, time);
            }
        }
    }

    /// <summary>Ends a return or a reading; what could not be returned goes back with the next call.</summary>
    public void EndReturn(QuotaReturn? unsent)
    {
        lock (_gate)
        {
            EndCall();
            var early = _series.TakeEarly();
            _lease.Doubt(unsent is { } kept ? kept with { Unspent = kept.Unspent + early } : null);
        }
    }

    /// <summary>The counter was reset, before or after the lease was granted.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _epoch++;
            _series.End();
            _lease.Doubt();
            _refusal.Lift();
            _standing.Forget();
        }
    }

    /// <summary>Ends this counter if it holds nothing and was not used since, so that its owner may forget it.</summary>
    public bool TryRetire(long unusedSince)
    {
        lock (_gate)
        {
            _retired = _call is null && _lease.IsEmpty && !_series.IsUndecided && Math.Max(_lastUse, _lastAnswer) < unusedSince;
            return _retired;
        }
    }

    // To be called under the gate.
    private bool TryJoin(Func<QuotaCounter, Task> begin, int mostWaiting)
    {
        if (_waiting >= mostWaiting)
        {
            return false;
        }

        _waiting++;
        _call ??= begin(this);
        return true;
    }

    private QuotaAsk Compose(long maximum, long now, int waiting, TimeProvider time)
    {
        _maximum = maximum;
        _standing.Used -= _lease.Left;
        _next = _next.Next();
        return new QuotaAsk(_epoch, _size.Next(now, waiting, time), _lease.Take(), _next);
    }

    // Others may have taken what was left, so it is shown only to the request that was waiting to be told.
    private long Remaining()
    {
        var left = _isFresh || !peers.MayBeThere ? Math.Max(0, _maximum - _standing.Used + _lease.Left) : _lease.Left;
        _isFresh = false;
        return left;
    }

    private void EndCall() => (_call, _waiting, _wanting) = (null, 0, 0);
}
