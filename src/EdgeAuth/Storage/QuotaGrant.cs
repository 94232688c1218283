namespace EdgeAuth.Storage;

/// <summary>The ledger's answer to a <see cref="QuotaDemand"/>.</summary>
/// <param name="LeaseId">Names the lease when it is returned. One without permits is given only where it continues another; else 0.</param>
/// <param name="Granted">Permits the caller may spend until the period ends; 0 when the quota is used up.</param>
/// <param name="Used">What counts as used after this grant, outstanding leases included.</param>
/// <param name="PeriodEnds">When the counter starts anew; null for never.</param>
/// <param name="PeriodLeft">The same as a duration by the ledger's clock.</param>
/// <param name="Continues">
/// The lease returned with the demand was still good, in the period that this grant is of: what was spent of it may be given back to this one.
/// </param>
internal sealed record QuotaGrant(long LeaseId, long Granted, long Used, DateTimeOffset? PeriodEnds, TimeSpan? PeriodLeft, bool Continues)
{
    /// <summary>Others hold permits that they may still return, so a refusal need not last as long as the period.</summary>
    public bool OthersHold { get; init; }

    /// <summary>Nothing was leased and nothing taken back, because the rate asked for with it refused; the figures tell how the counter stands.</summary>
    public bool IsOnlyTold { get; init; }
}
