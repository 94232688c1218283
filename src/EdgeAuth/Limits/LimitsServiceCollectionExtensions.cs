using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Limits;

internal static class LimitsServiceCollectionExtensions
{
    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LimitsOptions>().Bind(configuration.GetSection("EdgeAuth:Limits")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitsOptions>, LimitsOptionsValidator>());
        services.TryAddSingleton<LimitsMetrics>();
        services.TryAddSingleton<RateBook>();
        services.TryAddSingleton<QuotaBook>();
        services.TryAddSingleton<Limiter>();
        services.TryAddSingleton<OrgLimiter>();
        services.TryAddSingleton<LimitFields>();
        services.AddHostedService<LeaseKeeper>();
        return services;
    }
}
