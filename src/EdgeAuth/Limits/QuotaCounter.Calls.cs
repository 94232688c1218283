using System.Diagnostics.CodeAnalysis;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <content>The calls to the ledger: of those who wait for permits, of those who only wait to be told, and of what goes back.</content>
internal sealed partial class QuotaCounter
{
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
                _lease.Doubt(grant.IsOnlyTold ? ask.Return : grant.Granted == 0 ? null : new QuotaReturn(grant.LeaseId, grant.Granted));
                return;
            }

            if (grant.IsOnlyTold)
            {
                Restore(ask, early, isSamePeriod: grant.PeriodEnds == _standing.Ends);
                _refusal.Lift();
                _standing.Take(grant, sentAt, time);
                _isFresh = true;
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

    // What the call was to return was not taken.
    private void Restore(in QuotaAsk ask, long early, bool isSamePeriod)
    {
        if (ask.Return is { } kept && ask.ReturnsGood && isSamePeriod)
        {
            _lease.Hold(kept.LeaseId, kept.Unspent + early);
        }
        else
        {
            _lease.Doubt(ask.Return);
        }
    }

    private QuotaAsk Compose(long maximum, long now, int waiting, TimeProvider time)
    {
        _maximum = maximum;
        _standing.Used -= _lease.Left;
        _next = _next.Next();
        var isGood = _lease.IsGood && !_standing.HasEnded(now);
        return new QuotaAsk(_epoch, _size.Next(now, waiting, time), _lease.Take(), _next) { ReturnsGood = isGood };
    }

    private void EndCall() => (_call, _waiting, _wanting) = (null, 0, 0);
}
