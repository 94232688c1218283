using System.Diagnostics.CodeAnalysis;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>
/// This node's share of one quota: a lease it may spend from without asking, and what the ledger said last. One call to the ledger is under
/// way at most. A lease that a reset may have voided is not spent any more; it goes back to the ledger, which knows whether it was.
/// </summary>
internal sealed class QuotaCounter(CounterId id)
{
    private readonly Lock _gate = new();
    private Task? _call;
    private int _waiting;
    private int _epoch;
    private bool _retired;
    private bool _known;
    private bool _refused;
    private long _leaseId;
    private long _left;
    private long _maximum;
    private long _used;
    private DateTimeOffset? _ends;
    private long _deadline = long.MaxValue;
    private long _lastUse;
    private long _leasedAt;
    private long _spentSinceLease;
    private QuotaReturn? _doubtful;

    public CounterId Id => id;

    /// <summary>Spends from the lease, or says what stands in the way. Another maximum than the lease's asks the ledger anew.</summary>
    public QuotaAnswer TrySpend(long maximum, long now)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return new QuotaAnswer(QuotaOutcome.Retired, 0, null);
            }

            if (_maximum != maximum || now >= _deadline || _call is not null)
            {
                return new QuotaAnswer(QuotaOutcome.Ask, 0, null);
            }

            if (_left > 0)
            {
                _left--;
                _lastUse = now;
                _spentSinceLease++;
                return new QuotaAnswer(QuotaOutcome.Spent, Remaining(), _ends);
            }

            return new QuotaAnswer(_refused ? QuotaOutcome.Refused : QuotaOutcome.Ask, 0, _ends);
        }
    }

    /// <summary>What is known without asking; null when nothing is.</summary>
    public QuotaAnswer? Peek(long maximum, long now)
    {
        lock (_gate)
        {
            return Figures(maximum, now);
        }
    }

    /// <summary>Raised by every reset.</summary>
    public int Epoch
    {
        get
        {
            lock (_gate)
            {
                return _epoch;
            }
        }
    }

    /// <summary>The call to the ledger that is under way; null when none is.</summary>
    public Task? UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _call;
            }
        }
    }

    /// <summary>Takes in how the counter stands, unless a reset or a call came between; says what is known then.</summary>
    public QuotaAnswer Learn(int epoch, QuotaReading? reading, long maximum, TimeProvider time)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var used = reading?.Used ?? 0;
            if ((!_known || now >= _deadline) && epoch == _epoch && _call is null && !_retired)
            {
                // A lease of a period that has ended is void.
                if (now >= _deadline)
                {
                    (_leaseId, _left, _doubtful) = (0, 0, null);
                }

                (_known, _refused, _used, _ends) = (true, false, used, reading?.PeriodEnds);
                _deadline = _ends is { } ends ? now + (long)((ends - time.GetUtcNow()).TotalSeconds * time.TimestampFrequency) : long.MaxValue;
            }

            return Figures(maximum, now) ?? new QuotaAnswer(QuotaOutcome.Ask, Math.Max(0, maximum - used), reading?.PeriodEnds);
        }
    }

    /// <summary>Permits leased and not spent.</summary>
    public long Unspent(long now)
    {
        lock (_gate)
        {
            return now >= _deadline ? 0 : _left + (_doubtful?.Unspent ?? 0);
        }
    }

    /// <summary>Joins the call under way, or begins one. False when too many wait already.</summary>
    public bool TryJoinCall(Func<QuotaCounter, Task> begin, int mostWaiting, [NotNullWhen(true)] out Task? call)
    {
        lock (_gate)
        {
            if (_retired)
            {
                // A lease of a forgotten counter would never be returned; the caller finds out by trying again.
                call = Task.CompletedTask;
                return true;
            }

            if (_waiting >= mostWaiting)
            {
                call = null;
                return false;
            }

            _waiting++;
            call = _call ??= begin(this);
            return true;
        }
    }

    /// <summary>Ends the lease and says what to ask for, to be sent with the call.</summary>
    public QuotaAsk BeginAsk(long maximum, long now, TimeProvider time)
    {
        lock (_gate)
        {
            var ask = new QuotaAsk(_epoch, Wanted(now, time), TakeLease());
            _maximum = maximum;
            return ask;
        }
    }

    /// <summary>Takes a grant in. One that a reset came between, and what a failed call was to return, go back with the next call.</summary>
    public void EndAsk(QuotaAsk ask, QuotaGrant? grant, long sentAt, TimeProvider time)
    {
        lock (_gate)
        {
            EndCall();
            if (grant is null)
            {
                (_doubtful, _refused) = (ask.Return, false);
                return;
            }

            if (ask.Epoch != _epoch)
            {
                _doubtful = grant.Granted == 0 ? null : new QuotaReturn(grant.LeaseId, grant.Granted);
                return;
            }

            _known = true;
            _refused = grant.Granted == 0;
            (_leaseId, _left, _used, _ends) = (grant.Granted == 0 ? 0 : grant.LeaseId, grant.Granted, grant.Used, grant.PeriodEnds);
            _deadline = grant.PeriodLeft is { } left ? sentAt + (long)(left.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
            (_lastUse, _leasedAt, _spentSinceLease) = (sentAt, sentAt, 0);
        }
    }

    /// <summary>
    /// Begins to return the lease, if it has been idle or is doubtful. Requests wait for that call, so that none is refused for want of its
    /// permits. False when there is nothing to return.
    /// </summary>
    public bool TryReturn(long idleSince, Func<QuotaCounter, QuotaReturn, Task> begin, [NotNullWhen(true)] out Task? call)
    {
        lock (_gate)
        {
            if (_call is not null || (_doubtful is null && (_left == 0 || _lastUse > idleSince)))
            {
                call = null;
                return false;
            }

            _used -= _left;
            call = _call = begin(this, TakeLease()!.Value);
            return true;
        }
    }

    /// <summary>Ends a return; what could not be sent goes back with the next call.</summary>
    public void EndReturn(QuotaReturn? unsent)
    {
        lock (_gate)
        {
            EndCall();
            _doubtful = unsent;
        }
    }

    /// <summary>The counter was reset, before or after the lease was granted.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _epoch++;
            _doubtful = TakeLease();
            (_known, _refused, _deadline) = (false, false, long.MaxValue);
        }
    }

    /// <summary>Ends this counter if it holds nothing and was not used since, so that its owner may forget it.</summary>
    public bool TryRetire(long unusedSince)
    {
        lock (_gate)
        {
            _retired = _call is null && _left == 0 && _doubtful is null && _lastUse < unusedSince;
            return _retired;
        }
    }

    // What is to be returned: the lease, or one that is doubtful; there are never both.
    private QuotaReturn? TakeLease()
    {
        var lease = _leaseId == 0 ? _doubtful : new QuotaReturn(_leaseId, _left);
        (_leaseId, _left, _doubtful) = (0, 0, null);
        return lease;
    }

    private QuotaAnswer? Figures(long maximum, long now) =>
        !_known || now >= _deadline ? null : new QuotaAnswer(QuotaOutcome.Ask, Math.Max(0, maximum - _used + _left), _ends);

    private long Remaining() => Math.Max(0, _maximum - _used + _left);

    private void EndCall() => (_call, _waiting) = (null, 0);

    // What waits, and at the pace of the last lease what ten seconds will need: a trip every now and then, and a crash still costs little.
    private long Wanted(long now, TimeProvider time)
    {
        var elapsed = Math.Max(time.GetElapsedTime(_leasedAt, now).TotalSeconds, 0.01);
        var pace = _spentSinceLease == 0 ? 0 : _spentSinceLease / elapsed * 10;
        return Math.Max(Math.Max(1, _waiting), (long)Math.Min(pace, int.MaxValue));
    }
}
