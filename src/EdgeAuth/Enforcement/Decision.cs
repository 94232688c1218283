using EdgeAuth.Limits;

namespace EdgeAuth.Enforcement;

/// <summary>The verdict on a request, apart from how it is written.</summary>
internal readonly record struct Decision(RefusalReason Refusal, LimitStatus Limits)
{
    /// <summary>A request that passes without limits.</summary>
    public static Decision Pass => default;

    public static Decision Refuse(RefusalReason reason) => new(reason, default);
}
