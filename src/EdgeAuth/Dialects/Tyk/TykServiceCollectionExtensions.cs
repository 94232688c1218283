using EdgeAuth.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Dialects.Tyk;

internal static class TykServiceCollectionExtensions
{
    public static IServiceCollection AddTyk(this IServiceCollection services)
    {
        services.TryAddSingleton<TykMetrics>();
        services.TryAddSingleton<TykGuard>();
        services.TryAddSingleton<TykMount>();
        services.TryAddSingleton<TykClientEndpoints>();
        services.TryAddSingleton<TykTokenEndpoints>();
        services.TryAddSingleton<TykKeyMapper>();
        services.TryAddSingleton<TykKeyEndpoints>();
        services.TryAddSingleton<TykOrgEndpoints>();
        services.TryAddSingleton<TykApiEndpoints>();
        services.TryAddSingleton<TykPolicyEndpoints>();
        services.TryAddSingleton<TykAuthorizeEndpoint>();
        services.TryAddSingleton<TykReloadEndpoints>();
        services.TryAddSingleton<TykHealthEndpoint>();
        services.TryAddSingleton<TykNodesEndpoint>();
        services.AddSingleton(static provider => new ApiEndpoint(
            "/tyk/oauth/authorize-client",
            static api => api.IssuesTokens,
            (context, api) => provider.GetRequiredService<TykMount>().Enabled
                ? provider.GetRequiredService<TykAuthorizeEndpoint>().HandleAsync(context, api)
                : DialectMount.ElsewhereAsync(context))
        {
            Operations = provider.GetRequiredService<TykMount>().Enabled ? [TykRoute.Describe(TykAuthorizeEndpoint.Call, writes: true)] : [],
        });
        return services;
    }
}
