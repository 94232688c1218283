namespace EdgeAuth.Storage;

/// <summary>
/// The authority over rates that several nodes share, by its own clock. A lease is booked under its deadline, and what was spent of it under the
/// instant of its use once that is reported. So no permit is booked before it is used.
/// </summary>
internal interface IRateLedger
{
    /// <summary>
    /// Reserves permits of a rate, and of a quota of the same owner with the same trip. Where the rate grants none, the quota stays as it is,
    /// and how it stands is told. Throws <see cref="StoreUnavailableException"/> when it
    /// cannot be asked or its answer was not heard.
    /// </summary>
    ValueTask<(RateGrant Rate, QuotaGrant? Quota)> LeaseAsync(RateDemand rate, QuotaDemand? quota, CancellationToken cancellationToken);
}
