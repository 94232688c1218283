namespace EdgeAuth.Catalog;

/// <summary>Permits per window.</summary>
internal readonly record struct RateLimit(long Permits, TimeSpan Window)
{
    private const double LongestWindow = 10 * 365.25 * 86400;

    /// <summary>
    /// Reads Tyk's <c>rate</c> and <c>per</c> (seconds). Null when unlimited: a rate or a window of 0 or less (spec/tyk.md c).
    /// A broken rate is cut off; one below 1 becomes one permit in the longer window that means the same.
    /// </summary>
    public static RateLimit? Of(double rate, double per)
    {
        if (!(rate > 0) || !(per > 0))
        {
            return null;
        }

        if (rate < 1)
        {
            (rate, per) = (1, per / rate);
        }

        return new RateLimit((long)Math.Min(Math.Floor(rate), long.MaxValue / 4), TimeSpan.FromSeconds(Math.Min(per, LongestWindow)));
    }
}
