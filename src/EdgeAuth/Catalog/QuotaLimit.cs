namespace EdgeAuth.Catalog;

/// <summary>Permits per period; a null period never renews.</summary>
internal readonly record struct QuotaLimit(long Permits, TimeSpan? Period)
{
    private const long LongestPeriod = 100L * 365 * 86400;

    /// <summary>Reads Tyk's <c>quota_max</c> and <c>quota_renewal_rate</c> (seconds). Null when unlimited (spec/tyk.md c).</summary>
    public static QuotaLimit? Of(long max, long renewal) =>
        max <= 0 ? null : new QuotaLimit(max, renewal <= 0 ? null : TimeSpan.FromSeconds(Math.Min(renewal, LongestPeriod)));
}
