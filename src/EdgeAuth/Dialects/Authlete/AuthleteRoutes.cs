using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>
/// The dialect's routes. Each path owns every method, and everything below <c>/api/auth/token</c> is answered here, so that nothing there is ever
/// proxied (design: reserved paths).
/// </summary>
internal static class AuthleteRoutes
{
    public static void MapAuthlete(this IEndpointRouteBuilder endpoints)
    {
        var mount = endpoints.ServiceProvider.GetRequiredService<AuthleteMount>();
        var root = endpoints.ServiceProvider.GetRequiredService<AuthletePaths>().Root;
        if (!mount.Enabled)
        {
            return;
        }

        foreach (var path in AuthleteTable.Of(endpoints.ServiceProvider).GroupBy(static route => route.Path, StringComparer.Ordinal))
        {
            var methods = path.ToDictionary(static route => route.Method, static route => route.HandleAsync, StringComparer.Ordinal);
            endpoints.Map(Pattern(root + path.Key), context => mount.RunAsync(context, methods))
                .WithDisplayName("Authlete: " + path.Key)
                .WithOrder(EndpointOrder.Served)
                .WithMetadata([.. path.Select(static route => route.Describe())]);
        }

        endpoints.Map(root + "/{**rest}", mount.NotFoundAsync).WithDisplayName("Authlete: not found").WithOrder(EndpointOrder.DialectRest);
    }

    // Slashes may end a path, but where they may be of a token.
    private static RoutePattern Pattern(string path) => path.Contains("**", StringComparison.Ordinal)
        ? RoutePatternFactory.Parse(path)
        : RoutePatternFactory.Parse(path + "/{**slashes}", defaults: null, parameterPolicies: new { slashes = new TrailingSlashesConstraint() });
}
