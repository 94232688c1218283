using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog.Routing;

/// <summary>
/// Marks every route that names an API, an application's own ones too, with the generation being applied: YARP keeps the transforms of a
/// route whose configuration compares equal, and they hold the API of their generation.
/// </summary>
internal sealed class RouteStampFilter(CatalogHolder catalogs) : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        if (route.Metadata?.ContainsKey(RouteMetadata.Api) != true)
        {
            return new(route);
        }

        var metadata = new Dictionary<string, string>(route.Metadata, StringComparer.OrdinalIgnoreCase)
        {
            [RouteMetadata.Content] = catalogs.Applying.Hash,
        };
        return new(route with { Metadata = metadata });
    }
}
