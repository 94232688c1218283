using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Rules;
using EdgeAuth.Enforcement.Jwt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Transforms.Builder;

namespace EdgeAuth.Enforcement;

internal static class EnforcementServiceCollectionExtensions
{
    public static IServiceCollection AddEnforcement(this IServiceCollection services)
    {
        services.TryAddSingleton<EnforcementMetrics>();
        services.TryAddSingleton<HeldRequests>();
        services.TryAddSingleton<Organisation>();
        services.TryAddSingleton<BasicAuthenticator>();
        services.TryAddSingleton<JwksSources>();
        services.TryAddSingleton<JwtAuthenticator>();
        services.TryAddSingleton<Authenticator>();
        services.AddCors();
        services.TryAddSingleton<RequestGate>();
        services.TryAddSingleton<Enforcer>();
        services.TryAddSingleton<DecisionWriter>();
        services.TryAddSingleton<KeyLimitsEndpoint>();
        services.AddSingleton(static provider => new ApiEndpoint(
            ReservedPaths.RateLimits,
            static api => !api.Methods.IsKeyless,
            (context, api) => provider.GetRequiredService<KeyLimitsEndpoint>().HandleAsync(context, api))
        {
            Operations = [KeyLimitsEndpoint.Call],
        });
        services.AddSingleton<ITransformProvider, EnforcementTransformProvider>();
        UpstreamDeadline.Decorate(services);
        return services;
    }
}
