using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Sessions;

internal static class SessionsServiceCollectionExtensions
{
    public static IServiceCollection AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SessionsOptions>().Bind(configuration.GetSection("EdgeAuth:Sessions")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionsOptions>, SessionsOptionsValidator>());
        services.TryAddSingleton<SessionsMetrics>();
        services.TryAddSingleton<Freshness>();
        services.TryAddSingleton<ChangeTracker>();
        services.TryAddSingleton<ClientDirectory>();
        services.TryAddSingleton<OrgDirectory>();
        services.TryAddSingleton<RulesInterner>();
        services.TryAddSingleton<RightsCompilers>();
        services.TryAddSingleton<SessionLoader>();
        services.TryAddSingleton(static provider =>
        {
            var cache = ActivatorUtilities.CreateInstance<SessionCache>(provider);
            provider.GetRequiredService<SessionsMetrics>().CountCached = () => cache.Count;
            return cache;
        });
        services.TryAddSingleton<Invalidations>();
        services.TryAddSingleton<KeyRepository>();
        services.TryAddSingleton<KeyLifetime>();
        services.TryAddSingleton<SecretHasher>();
        services.TryAddSingleton<KeyService>();
        services.TryAddSingleton<IdentityKeys>();
        services.TryAddSingleton<OrgSessions>();
        services.AddHostedService<ChangeFeed>();
        return services;
    }
}
