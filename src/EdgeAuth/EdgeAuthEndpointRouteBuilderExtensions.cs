using EdgeAuth.Catalog;
using EdgeAuth.Dialects;
using EdgeAuth.Dialects.Authlete;
using EdgeAuth.Dialects.Tyk;
using EdgeAuth.Telemetry;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth;

/// <summary>Maps EdgeAuth's own endpoints.</summary>
public static class EdgeAuthEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps management, its OpenAPI description, the OAuth endpoints of the APIs, health and metrics. It never maps the reverse proxy itself. Throws when the configuration
    /// cannot be served.
    /// </summary>
    public static IEndpointRouteBuilder MapEdgeAuth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.ServiceProvider.GetRequiredService<CatalogLoader>().EnsureLoaded();
        endpoints.DataSources.Add(ActivatorUtilities.CreateInstance<ApiEndpointDataSource>(endpoints.ServiceProvider));
        endpoints.MapDescription();
        endpoints.MapTyk();
        endpoints.MapAuthlete();
        endpoints.MapHealth();
        endpoints.MapMetrics();
        endpoints.MapReserved();
        return endpoints;
    }
}
