namespace EdgeAuth.Catalog;

/// <summary>
/// The order in which EdgeAuth's own endpoints are matched: before every proxied route, whatever order that one was given, since a reserved path
/// is never proxied.
/// </summary>
internal static class EndpointOrder
{
    /// <summary>A path that is served.</summary>
    public const int Served = int.MinValue;

    /// <summary>What a dialect answers where it serves nothing.</summary>
    public const int DialectRest = int.MinValue + 1;

    /// <summary>Below the mount of an API.</summary>
    public const int BelowApi = int.MinValue + 2;

    /// <summary>What nobody serves.</summary>
    public const int Rest = int.MinValue + 3;
}
