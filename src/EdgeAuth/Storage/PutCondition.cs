namespace EdgeAuth.Storage;

/// <summary>What must hold for a put to happen; an expired record counts as absent.</summary>
internal readonly record struct PutCondition
{
    public static PutCondition Any => default;

    public static PutCondition Absent => new() { MustBeAbsent = true };

    public bool MustBeAbsent { get; private init; }

    public long? MustHaveVersion { get; private init; }

    public static PutCondition Version(long version) => new() { MustHaveVersion = version };
}
