using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>
/// The dialect's routes. Each path owns every method, and everything below <c>/tyk</c> is answered here, so that nothing there is ever
/// proxied (design: reserved paths).
/// </summary>
internal static class TykRoutes
{
    public static void MapTyk(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var settings = services.GetRequiredService<CatalogHolder>().Current.Settings.Tyk;
        var mount = services.GetRequiredService<TykMount>();
        if (!mount.Enabled)
        {
            return;
        }

        var root = ApiMounts.Trim(settings.PathBase) + "/tyk";
        foreach (var path in TykTable.Of(services).GroupBy(static route => route.Path, StringComparer.Ordinal))
        {
            var methods = path.ToDictionary(static route => route.Method, static route => route.HandleAsync, StringComparer.Ordinal);
            var pattern = RoutePatternFactory.Parse(root + path.Key + "/{**slashes}", defaults: null, parameterPolicies: new { slashes = new TrailingSlashesConstraint() });
            endpoints.Map(pattern, context => mount.RunAsync(context, methods))
                .WithDisplayName("Tyk: " + path.Key)
                .WithOrder(EndpointOrder.Served)
                .WithMetadata([.. path.Select(static route => route.Describe())]);
        }

        endpoints.Map(root + "/{**rest}", context => mount.RunAsync(context, TykMount.NotFoundAsync)).WithDisplayName("Tyk: not found").WithOrder(EndpointOrder.DialectRest);
    }
}
