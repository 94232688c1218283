namespace EdgeAuth.Storage;

/// <summary>A node's call for permits of a rate that several nodes share, with which it reports what it spent of its lease before.</summary>
/// <param name="Counter">The counter to spend from.</param>
/// <param name="Permits">The rate in force: permits per window.</param>
/// <param name="Window">The window's length. Another length is another counter.</param>
/// <param name="Waiters">Requests that wait for a permit; 0 only reports.</param>
/// <param name="Pace">Permits that the node is going to need per second; 0 when that is not known.</param>
/// <param name="ShortestLease">How long a lease must at least be valid to be of use to the node.</param>
/// <param name="LeaseId">Names the lease asked for: rising with every call of one source (<see cref="Storage.LeaseId"/>).</param>
internal sealed record RateDemand(CounterId Counter, long Permits, TimeSpan Window, int Waiters, double Pace, TimeSpan ShortestLease, LeaseId LeaseId)
{
    /// <summary>What was spent of the lease before this one; null when there was none.</summary>
    public RateReport? Report { get; init; }

    /// <summary>Permits that were reported as spent, and then not used after all.</summary>
    public RateRefund? Refund { get; init; }
}
