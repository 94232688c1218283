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
        services.TryAddSingleton<BasicAuthenticator>();
        services.TryAddSingleton<JwksSources>();
        services.TryAddSingleton<JwtAuthenticator>();
        services.TryAddSingleton<Authenticator>();
        services.TryAddSingleton<Enforcer>();
        services.TryAddSingleton<DecisionWriter>();
        services.AddSingleton<ITransformProvider, EnforcementTransformProvider>();
        UpstreamDeadline.Decorate(services);
        return services;
    }
}
