using EdgeAuth.Catalog;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>The limits of one session on one API or endpoint, bound to their counters.</summary>
internal sealed class BoundLimits(LimitSpec spec, string owner, RateCounter? rate, QuotaCounter? counter)
{
    public LimitSpec Spec => spec;

    /// <summary>Under what the counters stand: the hash of the key.</summary>
    public string Owner => owner;

    public RateCounter? Rate => rate;

    public QuotaCounter? Counter => counter;

    /// <summary>The value of <c>RateLimit-Policy</c>; the same for every request.</summary>
    public string PolicyField { get; } = LimitFields.Policy(spec);
}
