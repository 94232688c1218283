using EdgeAuth.Catalog;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>What the rate of all callers together said of a request.</summary>
/// <param name="Rate">The rate in force; null when there is none, or it was not asked.</param>
/// <param name="Answer">What its window said.</param>
internal readonly record struct ApiRateStatus(ApiRate? Rate, RateAnswer Answer);
