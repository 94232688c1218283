namespace EdgeAuth.Sessions;

internal enum KeyWriteOutcome
{
    Written,

    /// <summary>The session contradicts itself.</summary>
    Invalid,

    /// <summary>Its policies cannot be applied (spec/tyk.md e.5).</summary>
    PoliciesFailed,

    /// <summary>It would reach every API, which is not allowed (spec/tyk.md c.3).</summary>
    NoRights,

    /// <summary>It changed or ended since it was read: read it anew.</summary>
    Overtaken,
}
