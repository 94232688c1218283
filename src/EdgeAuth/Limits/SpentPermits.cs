using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>
/// What a node spent of its lease, by bucket, until it is reported; and what came back of the lease reported last, which the ledger frees once it
/// has heard that report. A permit of an older lease stays spent.
/// </summary>
internal sealed class SpentPermits
{
    private readonly List<BucketCount> _spent = [];
    private List<BucketCount> _refund = [];
    private LeaseId _reported;
    private long _bucket;
    private long _grantedSteps;
    private long _reportedSteps;
    private long _heardSteps;
    private bool _heard;

    public void Add(long bucket)
    {
        if (_spent.Count > 0 && _spent[^1].Bucket == bucket)
        {
            _spent[^1] = new BucketCount(bucket, _spent[^1].Permits + 1);
        }
        else
        {
            _spent.Add(new BucketCount(bucket, 1));
        }
    }

    /// <summary>A permit of the lease at hand came back.</summary>
    public void Remove(long bucket)
    {
        var at = _spent.FindLastIndex(spent => spent.Bucket == bucket);
        _spent[at] = new BucketCount(bucket, _spent[at].Permits - 1);
    }

    /// <summary>Ends the lease at hand, granted in a bucket of the ledger's clock, and says what to report of it.</summary>
    public RateReport Report(LeaseId lease, long bucket)
    {
        (_reported, _bucket, _reportedSteps, _heard) = (lease, bucket, _grantedSteps, false);
        _refund.Clear();
        var report = new RateReport(lease, [.. _spent.Where(static spent => spent.Permits > 0)]);
        _spent.Clear();
        return report;
    }

    /// <summary>A permit came back of a lease that is not at hand any more.</summary>
    public void Refund(LeaseId lease, long bucket)
    {
        if (lease == _reported)
        {
            _refund.Add(new BucketCount(_bucket + bucket, 1));
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
