namespace EdgeAuth.Sessions;

/// <summary>How writing a Key ended.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Reason">Why it was refused, where the outcome alone does not say.</param>
internal readonly record struct KeyWriteResult(KeyWriteOutcome Outcome, string? Reason)
{
    public static KeyWriteResult Written => new(KeyWriteOutcome.Written, null);

    public static KeyWriteResult NoRights => new(KeyWriteOutcome.NoRights, null);

    public static KeyWriteResult Overtaken => new(KeyWriteOutcome.Overtaken, null);

    public static KeyWriteResult Invalid(string reason) => new(KeyWriteOutcome.Invalid, reason);

    public static KeyWriteResult PoliciesFailed(string reason) => new(KeyWriteOutcome.PoliciesFailed, reason);
}
