using EdgeAuth.Catalog;
using EdgeAuth.Dialects;
using EdgeAuth.Dialects.Authlete;
using EdgeAuth.Dialects.Tyk;
using EdgeAuth.Enforcement;
using EdgeAuth.Limits;
using EdgeAuth.OAuth;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth;

/// <summary>Adds EdgeAuth to a program that proxies with YARP.</summary>
public static class EdgeAuthServiceCollectionExtensions
{
    /// <summary>
    /// Enforces tokens and key rules on the program's reverse proxy: on the APIs of the configuration directory
    /// (<c>EdgeAuth:Catalog:Directory</c>), and on every route of the program's own whose metadata <c>EdgeAuth.Api</c> names one of them.
    /// Call it after <c>AddReverseProxy</c>. A configuration that cannot be served throws when the proxy is mapped.
    /// </summary>
    public static IServiceCollection AddEdgeAuth(this IServiceCollection services, IConfiguration configuration) =>
        services.AddEdgeAuth(configuration, rebuild: null);

    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <param name="rebuild">How the host reads its configuration anew; null in an application of its own.</param>
    internal static IServiceCollection AddEdgeAuth(this IServiceCollection services, IConfiguration configuration, Func<byte[]?, IConfiguration>? rebuild)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services
            .AddStorage(configuration)
            .AddCatalog(configuration, rebuild, typeof(EdgeAuthOptions))
            .AddSessions(configuration)
            .AddLimits(configuration)
            .AddEnforcement()
            .AddOAuth(configuration)
            .AddManagement()
            .AddTyk()
            .AddAuthlete()
            .AddTelemetry(configuration);
    }
}
