namespace EdgeAuth.Limits;

/// <summary>
/// The ledger's word that a quota is used up. It stands until the period ends; where others hold permits that may come back, the ledger is asked
/// again, at growing intervals.
/// </summary>
internal struct QuotaRefusal
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private const int MostDoublings = 8;

    private long _until;
    private int _doublings;

    public readonly bool Stands(long now) => now < _until;

    public void Begin(bool othersHold, long now, TimeProvider time)
    {
        if (!othersHold)
        {
            _until = long.MaxValue;
            return;
        }

        _until = now + (long)((First * (1 << _doublings)).TotalSeconds * time.TimestampFrequency);
        _doublings = Math.Min(_doublings + 1, MostDoublings);
    }

    /// <summary>The ledger may be asked again.</summary>
    public void Lift() => _until = 0;

    /// <summary>Permits were granted.</summary>
    public void End() => (_until, _doublings) = (0, 0);
}
