namespace EdgeAuth.Storage;

/// <summary>What a rate window said.</summary>
/// <param name="Outcome">Whether a permit was taken.</param>
/// <param name="Remaining">Permits left after this answer.</param>
/// <param name="TicksUntilFree">Clock ticks until the next permit becomes free again; 0 when nothing is booked.</param>
/// <param name="BookedAt">The instant under which a taken permit was booked; where the window is shared, in microseconds of the ledger's clock.</param>
internal readonly record struct RateAnswer(RateOutcome Outcome, long Remaining, long TicksUntilFree, long BookedAt)
{
    /// <summary>The lease that a taken permit is of, where the window is shared.</summary>
    public long Lease { get; init; }

    /// <summary>The ledger's count of clock steps when that lease was granted.</summary>
    public long Steps { get; init; }
}
