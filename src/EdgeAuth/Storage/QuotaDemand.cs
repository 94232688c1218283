namespace EdgeAuth.Storage;

/// <summary>A request for quota permits.</summary>
/// <param name="Counter">The counter to spend from.</param>
/// <param name="Maximum">Permits per period; acts on the running counter.</param>
/// <param name="Period">Length of a period that starts now if none is running; null never ends.</param>
/// <param name="Wanted">Permits the caller can use.</param>
/// <param name="Return">The caller's earlier lease of this counter, ended by this call.</param>
internal sealed record QuotaDemand(CounterId Counter, long Maximum, TimeSpan? Period, long Wanted, QuotaReturn? Return)
{
    /// <summary>
    /// Names the lease asked for, where the ledger is another process and its answer may be lost: the next call of the same source then frees what
    /// was granted. Without one the ledger names it itself.
    /// </summary>
    public LeaseId? LeaseId { get; init; }
}
