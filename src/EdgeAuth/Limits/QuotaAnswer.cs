namespace EdgeAuth.Limits;

/// <summary>What a quota counter said.</summary>
/// <param name="Outcome">Whether a permit was spent.</param>
/// <param name="Remaining">Permits left of the quota after this answer, this node's own unspent lease among them.</param>
/// <param name="Ends">When the period ends; null for never, or when none is running.</param>
internal readonly record struct QuotaAnswer(QuotaOutcome Outcome, long Remaining, DateTimeOffset? Ends)
{
    /// <summary>Of which leases a spent permit is, so that it can be given back to them.</summary>
    public int Series { get; init; }
}
