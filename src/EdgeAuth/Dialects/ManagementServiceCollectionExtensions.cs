using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Dialects;

/// <summary>What the dialects have in common.</summary>
internal static class ManagementServiceCollectionExtensions
{
    public static IServiceCollection AddManagement(this IServiceCollection services)
    {
        services.TryAddSingleton<ManagementSecrets>();
        services.TryAddSingleton<ManagementAudit>();
        services.TryAddSingleton<DescriptionEndpoint>();
        services.AddHostedService<GroupReload>();
        return services;
    }
}
