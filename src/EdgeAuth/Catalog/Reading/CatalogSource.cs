using EdgeAuth.Catalog.Settings;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog.Reading;

/// <summary>Everything one reading found, before it is compiled.</summary>
internal sealed record CatalogSource(
    GatewaySettings Settings,
    IReadOnlyList<DefinitionSource> Definitions,
    IReadOnlyList<PolicySource> Policies,
    IReadOnlyList<RouteConfig> Routes,
    IReadOnlyList<ClusterConfig> Clusters)
{
    /// <summary>The definitions that are to be served: all that are not switched off.</summary>
    public IEnumerable<DefinitionSource> Served => Definitions.Where(static source => source.Definition.Active != false);
}
