using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;

namespace EdgeAuth.Enforcement;

/// <summary>Gives a forwarded request the time until its answer must have begun.</summary>
internal static class UpstreamDeadline
{
    private static readonly HttpRequestOptionsKey<TimeSpan> Key = new("EdgeAuth.Deadline");

    public static void Set(HttpRequestMessage request, TimeSpan? deadline)
    {
        if (deadline is { } value)
        {
            request.Options.Set(Key, value);
        }
    }

    public static TimeSpan? Get(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var deadline) ? deadline : null;

    /// <summary>Puts the deadline around whichever client factory is registered.</summary>
    public static void Decorate(IServiceCollection services)
    {
        var inner = services.LastOrDefault(static service => service.ServiceType == typeof(IForwarderHttpClientFactory));
        services.Replace(ServiceDescriptor.Singleton<IForwarderHttpClientFactory>(provider => new DeadlineClientFactory(
            inner is null ? new ForwarderHttpClientFactory() : (IForwarderHttpClientFactory)Create(provider, inner),
            provider.GetRequiredService<TimeProvider>())));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationInstance
        ?? service.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}
