using EdgeAuth.Catalog.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Catalog;

/// <summary>Answers what nobody serves below the reserved paths, so that it is never proxied.</summary>
internal static class ReservedEndpoints
{
    public static void MapReserved(this IEndpointRouteBuilder endpoints)
    {
        foreach (var path in ReservedPaths.Of(endpoints.ServiceProvider.GetRequiredService<CatalogHolder>().Current.Settings))
        {
            endpoints.Map(path + "/{**rest}", NotFoundAsync).WithDisplayName("reserved: " + path).WithOrder(EndpointOrder.Rest);
        }
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync("Not Found", context.RequestAborted);
    }
}
