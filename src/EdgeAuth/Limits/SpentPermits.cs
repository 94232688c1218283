using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>
/// What a node spent of its lease, and when, until it is reported; and what came back of the lease reported last, which the ledger frees once it
/// has heard that report. A permit of an older lease stays spent.
/// </summary>
/// <param name="window">The window's length in microseconds.</param>
internal sealed class SpentPermits(long window)
{
    private const int MostExact = 64;
    private const int StepsPerWindow = 100;

    private readonly long _step = Math.Max(1, window / StepsPerWindow);
    private readonly List<PermitsAt> _spent = [];
    private List<PermitsAt> _refund = [];
    private LeaseId _reported;
    private long _grantedAt;
    private long _grantedSteps;
    private long _reportedSteps;
    private long _heardSteps;
    private bool _heard;

    /// <summary>A permit was spent, so long after the lease was asked for. Where many were, the instant is rounded up; it is returned.</summary>
    public long Add(long microseconds)
    {
        if (_spent.Count >= MostExact)
        {
            microseconds = (microseconds + _step - 1) / _step * _step;
        }

        if (_spent.Count > 0 && _spent[^1].Microseconds == microseconds)
        {
            _spent[^1] = new PermitsAt(microseconds, _spent[^1].Permits + 1);
        }
        else
        {
            _spent.Add(new PermitsAt(microseconds, 1));
        }

        return microseconds;
    }

    /// <summary>A permit of the lease at hand came back.</summary>
    public void Remove(long microseconds)
    {
        var at = _spent.FindLastIndex(spent => spent.Microseconds == microseconds);
        _spent[at] = new PermitsAt(microseconds, _spent[at].Permits - 1);
    }

    /// <summary>Ends the lease at hand, granted at an instant of the ledger's clock, and says what to report of it.</summary>
    public RateReport Report(LeaseId lease, long grantedAt)
    {
        (_reported, _grantedAt, _reportedSteps, _heard) = (lease, grantedAt, _grantedSteps, false);
        _refund.Clear();
        var report = new RateReport(lease, [.. _spent.Where(static spent => spent.Permits > 0)]);
        _spent.Clear();
        return report;
    }

    /// <summary>A permit came back of a lease that is not at hand any more.</summary>
    public void Refund(LeaseId lease, long microseconds)
    {
        if (lease == _reported)
        {
            _refund.Add(new PermitsAt(_grantedAt + microseconds, 1));
        }
    }

    /// <summary>The ledger has answered: it knows the report.</summary>
    /// <param name="steps">Its count of clock steps.</param>
    public void Heard(long steps)
    {
        (_heard, _heardSteps, _grantedSteps) = (true, steps, steps);
    }

    /// <summary>What to free with the call that is composed now; it is told once, so that it is never freed twice.</summary>
    public RateRefund? TakeRefund()
    {
        // A clock that was set back has moved what was booked, nobody knows where to.
        if (!_heard || _refund.Count == 0)
        {
            return null;
        }

        var permits = _refund;
        _refund = [];
        return _reportedSteps == _heardSteps ? new RateRefund(_heardSteps, permits) : null;
    }
}
