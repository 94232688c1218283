using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
        foreach (var (path, methods) in Table(services))
        {
            var pattern = RoutePatternFactory.Parse(root + path + "/{**slashes}", defaults: null, parameterPolicies: new { slashes = new TrailingSlashesConstraint() });
            endpoints.Map(pattern, context => mount.RunAsync(context, methods)).WithDisplayName("Tyk: " + path).WithOrder(EndpointOrder.Served);
        }

        endpoints.Map(root + "/{**rest}", context => mount.RunAsync(context, TykMount.NotFoundAsync)).WithDisplayName("Tyk: not found").WithOrder(EndpointOrder.DialectRest);
    }

    private static IEnumerable<(string Path, IReadOnlyDictionary<string, Func<HttpContext, Task>> Methods)> Table(IServiceProvider services)
    {
        var clients = services.GetRequiredService<TykClientEndpoints>();
        var tokens = services.GetRequiredService<TykTokenEndpoints>();
        var keys = services.GetRequiredService<TykKeyEndpoints>();
        var orgs = services.GetRequiredService<TykOrgEndpoints>();
        var authorize = services.GetRequiredService<TykAuthorizeEndpoint>();
        var reload = services.GetRequiredService<TykReloadEndpoints>();
        yield return ("/oauth/authorize-client", Methods(("POST", authorize.HandleBareAsync)));
        yield return ("/oauth/clients/create", Methods(("POST", clients.CreateAsync)));
        yield return ("/oauth/clients/{apiID}", Methods(("GET", clients.ListAsync), ("PUT", clients.UpdateManyAsync)));
        yield return ("/oauth/clients/{apiID}/{keyName}", Methods(("GET", clients.GetAsync), ("PUT", clients.UpdateAsync), ("DELETE", clients.DeleteAsync)));
        yield return ("/oauth/clients/{apiID}/{keyName}/rotate", Methods(("PUT", clients.RotateAsync)));
        yield return ("/oauth/clients/{apiID}/{keyName}/tokens", Methods(("GET", tokens.ListAsync)));
        yield return ("/oauth/refresh/{keyName}", Methods(("DELETE", tokens.InvalidateRefreshAsync)));
        yield return ("/oauth/refresh/{apiID}/{keyName}", Methods(("DELETE", tokens.InvalidateRefreshAsync)));
        yield return ("/oauth/revoke", Methods(("POST", tokens.RevokeAsync)));
        yield return ("/oauth/revoke_all", Methods(("POST", tokens.RevokeAllAsync)));
        yield return ("/oauth/tokens", Methods(("DELETE", TykTokenEndpoints.PurgeAsync)));
        yield return ("/keys", Methods(("GET", keys.ListAsync), ("POST", keys.AddAsync)));
        yield return ("/keys/create", Methods(("POST", keys.CreateAsync)));
        yield return ("/keys/{keyName}", Methods(("GET", keys.GetAsync), ("POST", keys.AddAsync), ("PUT", keys.UpdateAsync), ("DELETE", keys.DeleteAsync)));
        yield return ("/org/keys", Methods(("GET", orgs.ListAsync)));
        yield return ("/org/keys/{org}", Methods(("GET", orgs.GetAsync), ("POST", orgs.AddAsync), ("PUT", orgs.UpdateAsync), ("DELETE", orgs.DeleteAsync)));
        yield return ("/health", Methods(("GET", services.GetRequiredService<TykHealthEndpoint>().GetAsync)));
        yield return ("/reload", Methods(("GET", reload.ReloadAsync)));
        yield return ("/reload/group", Methods(("GET", reload.ReloadAsync)));
    }

    private static Dictionary<string, Func<HttpContext, Task>> Methods(params (string Method, Func<HttpContext, Task> Handler)[] methods) =>
        methods.ToDictionary(static row => row.Method, static row => row.Handler, StringComparer.Ordinal);
}
