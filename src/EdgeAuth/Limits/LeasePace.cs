namespace EdgeAuth.Limits;

/// <summary>
/// How many permits per second a node is going to need of a rate: unknown until several calls in a row had more than one request each in the time
/// after which an idle lease is returned, then what was asked for lately. So a quiet key never leases what it would have to return.
/// </summary>
internal struct LeasePace(TimeSpan idleAfter)
{
    private const int Proof = 4;
    private const double ShortestSeconds = 0.001;

    private long _since;
    private long _arrivals;
    private int _brisk;
    private double _pace;

    public void Arrived() => _arrivals++;

    /// <summary>The pace for a call that is made now; 0 while it is not known.</summary>
    public double Next(long now, TimeProvider time)
    {
        var latest = _arrivals / Math.Max(time.GetElapsedTime(_since, now).TotalSeconds, ShortestSeconds);
        _brisk = latest * idleAfter.TotalSeconds > 1 ? Math.Min(_brisk + 1, Proof) : 0;
        _pace = _brisk <= 1 ? latest : (_pace + latest) / 2;
        (_since, _arrivals) = (now, 0);
        return _brisk < Proof ? 0 : _pace;
    }

    /// <summary>The lease was idle, so the proof begins anew.</summary>
    public void Returned() => _brisk = 0;
}
