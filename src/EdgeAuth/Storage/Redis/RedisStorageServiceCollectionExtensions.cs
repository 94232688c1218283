using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Storage.Redis;

internal static class RedisStorageServiceCollectionExtensions
{
    public static IServiceCollection AddRedisStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<RedisMetrics>();
        services.TryAddSingleton<RedisLink>();
        services.TryAddSingleton(new LedgerClock(instead: null));
        services.TryAddSingleton<ILedger, RedisLedger>();
        services.TryAddSingleton<RedisDirectWriter>();
        services.TryAddSingleton<RedisRecordLocks>();
        services.TryAddSingleton<RedisIndexes>();
        services.TryAddSingleton<RedisAgenda>();
        services.TryAddSingleton<RedisRecordWriter>();
        services.TryAddSingleton<IRecordStore, RedisRecordStore>();
        services.TryAddSingleton<IChangeLog, RedisChangeLog>();
        services.TryAddSingleton<INodeRegistry, RedisNodeRegistry>();
        services.TryAddSingleton<RedisSweeper>();
        services.AddHostedService(static provider => provider.GetRequiredService<RedisSweeper>());
        services.AddHostedService<RedisPolicyWatch>();
        return services;
    }
}
