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
        foreach (var path in Table(services).GroupBy(static route => route.Path, StringComparer.Ordinal))
        {
            var methods = path.ToDictionary(static route => route.Method, static route => route.HandleAsync, StringComparer.Ordinal);
            var pattern = RoutePatternFactory.Parse(root + path.Key + "/{**slashes}", defaults: null, parameterPolicies: new { slashes = new TrailingSlashesConstraint() });
            endpoints.Map(pattern, context => mount.RunAsync(context, methods)).WithDisplayName("Tyk: " + path.Key).WithOrder(EndpointOrder.Served);
        }

        endpoints.Map(root + "/{**rest}", context => mount.RunAsync(context, TykMount.NotFoundAsync)).WithDisplayName("Tyk: not found").WithOrder(EndpointOrder.DialectRest);
    }

    /// <summary>Every call below <c>/tyk</c>.</summary>
    public static IReadOnlyList<TykRoute> Table(IServiceProvider services) => [.. OAuth(services), .. Keys(services), .. Configuration(services)];

    private static IEnumerable<TykRoute> OAuth(IServiceProvider services)
    {
        var clients = services.GetRequiredService<TykClientEndpoints>();
        var tokens = services.GetRequiredService<TykTokenEndpoints>();
        return
        [
            new("POST", "/oauth/authorize-client", services.GetRequiredService<TykAuthorizeEndpoint>().HandleBareAsync),
            new("POST", "/oauth/clients/create", clients.CreateAsync),
            new("GET", "/oauth/clients/{apiID}", clients.ListAsync),
            new("PUT", "/oauth/clients/{apiID}", clients.UpdateManyAsync),
            new("GET", "/oauth/clients/{apiID}/{keyName}", clients.GetAsync),
            new("PUT", "/oauth/clients/{apiID}/{keyName}", clients.UpdateAsync),
            new("DELETE", "/oauth/clients/{apiID}/{keyName}", clients.DeleteAsync),
            new("PUT", "/oauth/clients/{apiID}/{keyName}/rotate", clients.RotateAsync),
            new("GET", "/oauth/clients/{apiID}/{keyName}/tokens", tokens.ListAsync),
            new("DELETE", "/oauth/refresh/{keyName}", tokens.InvalidateRefreshAsync),
            new("DELETE", "/oauth/refresh/{apiID}/{keyName}", tokens.InvalidateRefreshAsync),
            new("POST", "/oauth/revoke", tokens.RevokeAsync),
            new("POST", "/oauth/revoke_all", tokens.RevokeAllAsync),
            new("DELETE", "/oauth/tokens", TykTokenEndpoints.PurgeAsync),
        ];
    }

    private static IEnumerable<TykRoute> Keys(IServiceProvider services)
    {
        var keys = services.GetRequiredService<TykKeyEndpoints>();
        var orgs = services.GetRequiredService<TykOrgEndpoints>();
        return
        [
            new("GET", "/keys", keys.ListAsync),
            new("POST", "/keys", keys.AddAsync),
            new("POST", "/keys/create", keys.CreateAsync),
            new("POST", "/keys/preview", keys.PreviewAsync) { Writes = false },
            new("POST", "/keys/policy/{keyName}", keys.ApplyPoliciesAsync),
            new("GET", "/keys/{keyName}", keys.GetAsync),
            new("POST", "/keys/{keyName}", keys.AddAsync),
            new("PUT", "/keys/{keyName}", keys.UpdateAsync),
            new("DELETE", "/keys/{keyName}", keys.DeleteAsync),
            new("GET", "/org/keys", orgs.ListAsync),
            new("GET", "/org/keys/{org}", orgs.GetAsync),
            new("POST", "/org/keys/{org}", orgs.AddAsync),
            new("PUT", "/org/keys/{org}", orgs.UpdateAsync),
            new("DELETE", "/org/keys/{org}", orgs.DeleteAsync),
        ];
    }

    private static IEnumerable<TykRoute> Configuration(IServiceProvider services)
    {
        var apis = services.GetRequiredService<TykApiEndpoints>();
        var policies = services.GetRequiredService<TykPolicyEndpoints>();
        var reload = services.GetRequiredService<TykReloadEndpoints>();
        return
        [
            new("GET", "/apis", apis.ListAsync),
            new("POST", "/apis", apis.AddAsync),
            new("PUT", "/apis", TykApiEndpoints.UpdateNoneAsync) { Writes = false },
            new("DELETE", "/apis", TykApiEndpoints.DeleteNoneAsync) { Writes = false },
            new("GET", "/apis/{apiID}", apis.GetAsync),
            new("POST", "/apis/{apiID}", apis.AddAsync),
            new("PUT", "/apis/{apiID}", apis.UpdateAsync),
            new("DELETE", "/apis/{apiID}", apis.DeleteAsync),
            new("GET", "/policies", policies.ListAsync),
            new("POST", "/policies", policies.AddAsync),
            new("PUT", "/policies", TykApiEndpoints.UpdateNoneAsync) { Writes = false },
            new("DELETE", "/policies", TykApiEndpoints.DeleteNoneAsync) { Writes = false },
            new("GET", "/policies/{polID}", policies.GetAsync),
            new("POST", "/policies/{polID}", policies.AddAsync),
            new("PUT", "/policies/{polID}", policies.UpdateAsync),
            new("DELETE", "/policies/{polID}", policies.DeleteAsync),
            new("GET", "/health", services.GetRequiredService<TykHealthEndpoint>().GetAsync),
            new("GET", "/reload", reload.ReloadAsync),
            new("GET", "/reload/group", reload.ReloadAsync),
        ];
    }
}
