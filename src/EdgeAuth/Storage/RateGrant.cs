namespace EdgeAuth.Storage;

/// <summary>The ledger's answer to a <see cref="RateDemand"/>.</summary>
/// <param name="Granted">Permits that may be spent; 0 when the window is full.</param>
/// <param name="Free">Permits that nobody holds after this grant.</param>
/// <param name="UntilFree">Until the next permit leaves the window; null when nothing is booked.</param>
/// <param name="Valid">How long the lease may be spent from, counted from when the call was sent.</param>
/// <param name="At">When it was granted, in microseconds of the ledger's clock.</param>
/// <param name="Steps">How often the ledger's clock was set back under this counter.</param>
internal sealed record RateGrant(long Granted, long Free, TimeSpan? UntilFree, TimeSpan Valid, long At, long Steps);
