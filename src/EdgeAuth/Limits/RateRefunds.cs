using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>Permits that came back after they had been reported as spent: the ledger is told once it has heard the report.</summary>
internal sealed class RateRefunds
{
    private readonly List<RateAnswer> _waiting = [];

    /// <summary>How many the ledger still counts.</summary>
    public int Count => _waiting.Count;

    public void Add(in RateAnswer taken) => _waiting.Add(taken);

    /// <summary>What to free with the call that is composed now. It is told once, so that it is never freed twice.</summary>
    /// <param name="unheard">The lease whose report may not have arrived; none of it is told yet.</param>
    /// <param name="steps">The ledger's count of clock steps. A clock that was set back has moved what was booked before, nobody knows where to.</param>
    public RateRefund? Take(LeaseId unheard, long steps)
    {
        if (_waiting.Count == 0)
        {
            return null;
        }

        var told = _waiting.Where(taken => taken.Lease != unheard.Value).ToList();
        _waiting.RemoveAll(taken => taken.Lease != unheard.Value);
        var permits = told.Where(taken => taken.Steps == steps).Select(static taken => new PermitsAt(taken.BookedAt, 1)).ToList();
        return permits.Count == 0 ? null : new RateRefund(steps, permits);
    }
}
