namespace EdgeAuth.Catalog.Gate;

/// <summary>Where a request names the version it asks for.</summary>
internal enum VersionPlace
{
    /// <summary>Nowhere: every request gets the default version.</summary>
    None,
    Header,
    Query,

    /// <summary>In the first segment below the mount.</summary>
    Path,
}
