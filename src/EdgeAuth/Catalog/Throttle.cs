namespace EdgeAuth.Catalog;

/// <summary>How a request that the rate refuses is held and tried again (spec/tyk.md d.6).</summary>
/// <param name="Interval">The wait before each retry.</param>
/// <param name="Waits">How often it is waited at most.</param>
internal readonly record struct Throttle(TimeSpan Interval, int Waits)
{
    // Shorter waits would only be spent on trying.
    private const double ShortestInterval = 0.01;
    private const double LongestInterval = 86400;

    /// <summary>Reads Tyk's <c>throttle_interval</c> (seconds) and <c>throttle_retry_limit</c>; null when either is off.</summary>
    public static Throttle? Of(double interval, long retries) =>
        interval > 0 && retries > 0 ? new Throttle(TimeSpan.FromSeconds(Math.Clamp(interval, ShortestInterval, LongestInterval)), (int)Math.Min(retries, int.MaxValue - 1) + 1) : null;
}
