using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Dialects.Authlete;

internal static class AuthleteServiceCollectionExtensions
{
    public static IServiceCollection AddAuthlete(this IServiceCollection services)
    {
        services.TryAddSingleton<AuthleteMetrics>();
        services.TryAddSingleton<AuthleteServices>();
        services.TryAddSingleton<AuthleteGuard>();
        services.TryAddSingleton<AuthleteMount>();
        services.TryAddSingleton<AuthletePaths>();
        services.TryAddSingleton<AuthleteCreateEndpoint>();
        services.TryAddSingleton<AuthleteDeleteEndpoint>();
        services.TryAddSingleton<AuthleteListEndpoint>();
        services.TryAddSingleton<AuthleteRevokeEndpoint>();
        services.TryAddSingleton<AuthleteUpdateEndpoint>();
        return services;
    }
}
