namespace EdgeAuth.Enforcement;

/// <summary>Which checks are still ahead of a request that was let in.</summary>
internal enum RequestWay
{
    /// <summary>All of them.</summary>
    Guarded,

    /// <summary>Those that need no credential (spec/tyk.md d.2, ignore list).</summary>
    Ignored,

    /// <summary>None: it has its answer.</summary>
    Answered,
}
