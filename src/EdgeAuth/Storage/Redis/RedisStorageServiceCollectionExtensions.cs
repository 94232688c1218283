using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Storage.Redis;

internal static class RedisStorageServiceCollectionExtensions
{
    public static IServiceCollection AddRedisStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<RedisMetrics>();
        services.TryAddSingleton<RedisLink>();
        return services;
    }
}
