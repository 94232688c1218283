using EdgeAuth.Catalog;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>The paths of the dialect, which a reload does not move.</summary>
internal sealed class AuthletePaths(CatalogHolder catalogs)
{
    /// <summary>Below this path lies everything.</summary>
    public string Root { get; } = ApiMounts.Trim(catalogs.Current.Settings.Authlete.PathBase) + "/api/auth/token";
}
