using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Routing;

namespace EdgeAuth.Catalog.Rules;

/// <summary>
/// Routes of the <c>ReverseProxy</c> section that name an API name one that exists, and nothing relies on hash-cookie affinity, which
/// cannot work here.
/// </summary>
internal sealed class EnforcedRouteRule : ICatalogRule
{
    public void Check(CatalogSource source, ProblemList problems)
    {
        var ids = source.Served.Select(static definition => definition.Definition.ApiId).ToHashSet(StringComparer.Ordinal);
        foreach (var route in source.Routes)
        {
            if (route.Metadata?.TryGetValue(RouteMetadata.Api, out var id) == true && !ids.Contains(id))
            {
                problems.Error(
                    ConfigurationDirectory.Gateway,
                    $"$.ReverseProxy.Routes.{route.RouteId}.Metadata['{RouteMetadata.Api}']",
                    id,
                    "no definition has this api_id");
            }
        }

        foreach (var cluster in source.Clusters)
        {
            ClusterAffinity.Check(cluster, ConfigurationDirectory.Gateway, $"$.ReverseProxy.Clusters.{cluster.ClusterId}.SessionAffinity.Policy", problems);
        }
    }
}
