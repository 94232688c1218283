namespace EdgeAuth.Catalog.Gate;

/// <summary>What the white, black and ignore lists say of a request.</summary>
internal enum PathOutcome
{
    /// <summary>It goes its way.</summary>
    Pass,

    /// <summary>It needs no credential and is charged to no key.</summary>
    Ignored,

    Forbidden,
}
