namespace EdgeAuth.Catalog;

/// <summary>The limits in force for one session on one API or endpoint, and the counters they are counted under.</summary>
/// <param name="Rate">Null when the rate is unlimited.</param>
/// <param name="Quota">Null when the quota is unlimited.</param>
/// <param name="Scope">The counter shared with others of the session; empty is the one of the session itself.</param>
/// <param name="RateScope">The rate's own counter, where an endpoint has one; otherwise the scope.</param>
/// <param name="StoredQuota">What the session itself says of an unlimited quota; shown as it is (spec/tyk.md d.6).</param>
internal sealed record LimitSpec(RateLimit? Rate, QuotaLimit? Quota, string Scope, string RateScope, StoredQuota StoredQuota)
{
    /// <summary>How a request is held that the rate refuses; null for not at all.</summary>
    public Throttle? Throttle { get; init; }

    /// <summary>No limit at all.</summary>
    public static LimitSpec None { get; } = new(null, null, "", "", default);
}
