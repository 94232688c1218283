using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Dialects;

internal static class DescriptionRoutes
{
    /// <summary>Maps <c>/openapi.json</c>, which owns every method.</summary>
    public static void MapDescription(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<DescriptionEndpoint>();
        endpoints.Map("/openapi.json", endpoint.HandleAsync).WithDisplayName("openapi").WithOrder(EndpointOrder.Served).WithMetadata(DescriptionEndpoint.Call);
    }
}
