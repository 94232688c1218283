namespace EdgeAuth.Limits;

/// <summary>
/// Leases that continue one another. A permit that was spent of any of them may come back to the last, until the series ends: by a reset, the end
/// of its period or a return. One that may still come back is undecided; as long as there are such, the lease is in use.
/// </summary>
internal struct LeaseSeries
{
    private long _early;
    private int _undecided;

    public int Id { get; private set; }

    public readonly bool IsUndecided => _undecided > 0;

    /// <summary>A permit was spent; one that is undecided may come back.</summary>
    public void Spent(bool undecided) => _undecided += undecided ? 1 : 0;

    /// <summary>It is decided whether the permit comes back. False when its series has ended, so that it counts for nothing any more.</summary>
    public bool TrySettle(int series)
    {
        if (series != Id)
        {
            return false;
        }

        _undecided--;
        return true;
    }

    /// <summary>A permit came back during a call, which brings the lease that it goes to.</summary>
    public void CameBackEarly() => _early++;

    /// <summary>The permits that came back during the call that ends.</summary>
    public long TakeEarly()
    {
        var early = _early;
        _early = 0;
        return early;
    }

    public void End() => (Id, _early, _undecided) = (Id + 1, 0, 0);
}
