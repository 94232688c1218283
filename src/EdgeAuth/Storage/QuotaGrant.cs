namespace EdgeAuth.Storage;

/// <summary>The ledger's answer to a <see cref="QuotaDemand"/>.</summary>
/// <param name="LeaseId">Names the lease when it is returned; meaningless when nothing was granted.</param>
/// <param name="Granted">Permits the caller may spend until the period ends; 0 when the quota is used up.</param>
/// <param name="Used">What counts as used after this grant, outstanding leases included.</param>
/// <param name="PeriodEnds">When the counter starts anew; null for never.</param>
/// <param name="PeriodLeft">The same as a duration by the ledger's clock.</param>
internal sealed record QuotaGrant(long LeaseId, long Granted, long Used, DateTimeOffset? PeriodEnds, TimeSpan? PeriodLeft);
