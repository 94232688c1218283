using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>
/// This node's share of one quota: a lease it may spend from without asking, and what the ledger said last. One call to the ledger is under
/// way at most. A lease that a reset may have voided is not spent any more; it goes back to the ledger, which knows whether it was.
/// </summary>
internal sealed partial class QuotaCounter(CounterId id, TimeSpan idleAfter, Peers peers)
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
            return !_retired && _standing.IsKnown(now) ? new QuotaAnswer(QuotaOutcome.Told, peers.MayBeThere && !_isFresh ? _lease.Left : Math.Max(0, maximum - _standing.Used + _lease.Left), _standing.Ends) : Unknown;
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

    // Others may have taken what was left, so it is shown only to the request that was waiting to be told.
    private long Remaining()
    {
        var left = _isFresh || !peers.MayBeThere ? Math.Max(0, _maximum - _standing.Used + _lease.Left) : _lease.Left;
        _isFresh = false;
        return left;
    }
}
