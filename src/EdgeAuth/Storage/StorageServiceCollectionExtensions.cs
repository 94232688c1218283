using EdgeAuth.Storage.Redis;
using EdgeAuth.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Storage;

internal static class StorageServiceCollectionExtensions
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection("EdgeAuth:Storage")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.TryAddSingleton<RateWindows>();
        services.TryAddSingleton<Peers>();
        services.TryAddSingleton<StoreOutage>();

        // Which services there are is settled before options are bound; what cannot be a provider is refused by the validator.
        return string.Equals(configuration["EdgeAuth:Storage:Provider"], "redis", StringComparison.OrdinalIgnoreCase)
            ? services.AddRedisStorage()
            : services.AddSqliteStorage();
    }
}
