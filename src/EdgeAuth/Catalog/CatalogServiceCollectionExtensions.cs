using EdgeAuth.Catalog.Audit;
using EdgeAuth.Catalog.Nodes;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Routing;
using EdgeAuth.Catalog.Rules;
using EdgeAuth.Catalog.Settings;
using EdgeAuth.Catalog.Writing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

internal static class CatalogServiceCollectionExtensions
{
    public static IServiceCollection AddCatalog(this IServiceCollection services, IConfiguration configuration, Func<byte[]?, IConfiguration>? rebuild, Type knownSettings)
    {
        services.AddOptions<CatalogOptions>().Bind(configuration.GetSection("EdgeAuth:Catalog")).ValidateOnStart();
        services.Configure<RouteOptions>(static options => options.ConstraintMap.TryAdd(SlashConstraint.Name, typeof(SlashConstraint)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new ConfigurationSource(
            new ConfigurationDirectory(configuration["EdgeAuth:Catalog:Directory"] is { Length: > 0 } directory ? directory : new CatalogOptions().Directory), configuration, rebuild));
        services.TryAddSingleton(new SettingsReader(new KnownSettings(knownSettings)));
        AddRules(services);
        services.TryAddSingleton<CatalogReader>();
        services.TryAddSingleton<CatalogPreparation>();
        services.TryAddSingleton<CatalogHolder>();
        services.TryAddSingleton<CatalogLoader>();
        services.TryAddSingleton<CatalogConfigProvider>();
        services.TryAddSingleton<ReloadListener>();
        services.TryAddSingleton<ReloadStatus>();
        services.TryAddSingleton<CatalogMetrics>();
        services.TryAddSingleton<HealthBook>();
        services.TryAddSingleton<AuditTrail>();
        services.TryAddSingleton<CatalogReloader>();
        services.TryAddSingleton<CatalogWriter>();
        services.TryAddSingleton(provider => new RestartSettings(configuration, provider.GetRequiredService<ConfigurationSource>()));
        services.AddSingleton<IProxyConfigProvider>(static provider => provider.GetRequiredService<CatalogConfigProvider>());
        services.AddSingleton<IConfigChangeListener>(static provider => provider.GetRequiredService<ReloadListener>());
        services.AddSingleton<IProxyConfigFilter, RouteStampFilter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, VersionPolicy>());
        services.TryAddSingleton<NodeList>();
        services.AddHostedService<CatalogWatcher>();
        services.AddHostedService<NodeAnnouncer>();
        return services;
    }

    private static void AddRules(IServiceCollection services) => services.TryAddEnumerable(
    [
        ServiceDescriptor.Singleton<ICatalogRule, ApiIdRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, ListenPathRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, MountConflictRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, TargetRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, AuthenticationRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, JwtRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, OAuthMetaRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, VersionRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, VersionApiRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, PathListRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, CallerRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, HeaderRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, NotEnforcedRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, ValueRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, RateRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, PolicyRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, YarpBlockRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, EnforcedRouteRule>(),
        ServiceDescriptor.Singleton<ICatalogRule, AuthleteServiceRule>(),
    ]);
}
