namespace EdgeAuth.Limits;

/// <summary>
/// How many permits to lease: one for each request that waits, until several leases in a row were spent faster than one permit in the time after
/// which an idle lease is returned; then what ten seconds need at that pace. So a lease that must be returned, which costs a call of its own, is
/// asked for only where the requests before have shown that it will be spent.
/// </summary>
internal struct LeaseSize(TimeSpan idleAfter)
{
    private const int Proof = 4;
    private const double ReserveSeconds = 10;
    private const double ShortestSeconds = 0.01;

    private long _leasedAt;
    private long _spent;
    private int _brisk;

    public void Leased(long now) => (_leasedAt, _spent) = (now, 0);

    public void Spent() => _spent++;

    /// <summary>What was given back was not spent after all.</summary>
    public void GivenBack() => _spent--;

    /// <summary>The lease was idle, so the proof begins anew.</summary>
    public void Returned() => (_spent, _brisk) = (0, 0);

    /// <summary>How many the next lease is to have, the last one being spent.</summary>
    public long Next(long now, int waiting, TimeProvider time)
    {
        var elapsed = Math.Max(time.GetElapsedTime(_leasedAt, now).TotalSeconds, ShortestSeconds);
        _brisk = elapsed < _spent * idleAfter.TotalSeconds ? Math.Min(_brisk + 1, Proof) : 0;
        var reserve = _brisk < Proof ? 1 : (long)Math.Min(_spent / elapsed * ReserveSeconds, int.MaxValue);
        return Math.Max(Math.Max(1, waiting), reserve);
    }
}
