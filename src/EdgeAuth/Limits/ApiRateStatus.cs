using EdgeAuth.Catalog;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>What a rate of all callers together said of a request.</summary>
/// <param name="Limit">The rate in force.</param>
/// <param name="Answer">What its window said.</param>
internal sealed record ApiRateStatus(RateLimit Limit, RateAnswer Answer)
{
    /// <summary>The ledger could not be asked.</summary>
    public bool IsUnavailable { get; init; }

    public bool Admits => Answer.Outcome == RateOutcome.Taken;
}
