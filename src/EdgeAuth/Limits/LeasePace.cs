namespace EdgeAuth.Limits;

/// <summary>
/// How many permits per second a node is going to need of a rate: unknown until several calls in a row had more than one request each in the time
/// after which an idle lease is returned, then what was asked for lately. So a quiet key never leases what it would have to return, and one that has
/// just become busy leases no more than a few times what was seen of it: what a node holds too much of, others are refused.
/// </summary>
/// <param name="idleAfter">The time after which an idle lease is returned.</param>
/// <param name="longest">How long a lease may last.</param>
internal struct LeasePace(TimeSpan idleAfter, TimeSpan longest)
{
    private const int Proof = 4;
    private const double MostOfSeen = 4;
    private const double Kept = 0.5;
    private const double ShortestSeconds = 0.001;

    private long _since;
    private long _arrivals;
    private int _brisk;
    private double _seen;
    private double _seconds;

    public void Arrived() => _arrivals++;

    /// <summary>The pace for a call that is made now; 0 while it is not known.</summary>
    public double Next(long now, TimeProvider time)
    {
        var seconds = Math.Max(time.GetElapsedTime(_since, now).TotalSeconds, ShortestSeconds);
        _brisk = _arrivals * idleAfter.TotalSeconds > seconds ? Math.Min(_brisk + 1, Proof) : 0;

        // Not the mean of paces, in which the shortest time would count as much as the longest: two requests at once are no pace.
        var kept = _brisk <= 1 ? 0 : Kept;
        (_seen, _seconds) = ((_seen * kept) + _arrivals, (_seconds * kept) + seconds);
        (_since, _arrivals) = (now, 0);
        return _brisk < Proof ? 0 : Math.Min(_seen / _seconds, _seen * MostOfSeen / longest.TotalSeconds);
    }

    /// <summary>The lease was idle, so the proof begins anew.</summary>
    public void Returned() => _brisk = 0;
}
