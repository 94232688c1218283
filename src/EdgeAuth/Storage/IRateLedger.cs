namespace EdgeAuth.Storage;

/// <summary>
/// The authority over rates that several nodes share. It counts in buckets of a hundredth of the window by its own clock; a lease is booked in the
/// bucket of its deadline, and what was spent of it in the bucket of its use once that is reported. So no permit is booked before it is used.
/// </summary>
internal interface IRateLedger
{
    /// <summary>
    /// Reserves permits of a rate, and of a quota of the same owner with the same trip. Throws <see cref="StoreUnavailableException"/> when it
    /// cannot be asked or its answer was not heard.
    /// </summary>
    ValueTask<(RateGrant Rate, QuotaGrant? Quota)> LeaseAsync(RateDemand rate, QuotaDemand? quota, CancellationToken cancellationToken);
}
