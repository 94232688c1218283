using EdgeAuth.Limits;

namespace EdgeAuth.Enforcement;

/// <summary>What the organisation's limits said of a request.</summary>
/// <param name="Refusal">Why it does not pass; none when it does.</param>
/// <param name="Charged">What it was charged, to be given back if a later step refuses it.</param>
internal readonly record struct OrgCharge(RefusalReason Refusal, LimitStatus Charged);
