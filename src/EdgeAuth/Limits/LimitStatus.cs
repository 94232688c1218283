using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>The verdict on a request, and the figures that its answer shows.</summary>
/// <param name="Verdict">Whether it may pass.</param>
/// <param name="Limits">The limits in force; null when there are none.</param>
/// <param name="Rate">What the rate window said; meaningless without a rate.</param>
/// <param name="Quota">What the quota counter said; meaningless without a quota.</param>
internal readonly record struct LimitStatus(LimitVerdict Verdict, BoundLimits? Limits, RateAnswer Rate, QuotaAnswer Quota)
{
    /// <summary>Whether the rate of the limits is counted for this request.</summary>
    public bool CountsRate { get; init; }

    /// <summary>Whether their quota is.</summary>
    public bool CountsQuota { get; init; }

    /// <summary>A later step may refuse the request: what it was charged must be kept or given back, once.</summary>
    public bool IsUndecided { get; init; }
}
