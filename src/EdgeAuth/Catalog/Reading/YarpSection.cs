using EdgeAuth.Catalog.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog.Reading;

/// <summary>
/// Reads a section in the form of YARP's <c>ReverseProxy</c> with YARP's own reader, run apart from the proxy so that its result becomes
/// part of one generation.
/// </summary>
internal static class YarpSection
{
    public static (IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters) Parse(IConfiguration section, string file, string path, ProblemList problems)
    {
        try
        {
            var services = new ServiceCollection().AddLogging();
            services.AddReverseProxy().LoadFromConfig(section);
            using var provider = services.BuildServiceProvider();
            var config = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
            return (config.Routes, config.Clusters);
        }
        catch (Exception error)
        {
            // YARP's reader throws whatever it meets, a plain Exception for a route that carries its id.
            problems.Error(file, path, value: null, "cannot be read by YARP: " + error.GetBaseException().Message);
            return ([], []);
        }
    }

    /// <summary>Reports the keys of a block that YARP's types do not have; YARP itself passes over them in silence.</summary>
    public static void ReportUnknown(IConfigurationSection section, Type type, string file, string path, ProblemList problems) =>
        KnownSettings.Check(section, type, (key, nearest) => problems.Warning(
            file,
            path + "." + key[(section.Path.Length + 1)..].Replace(':', '.'),
            value: null,
            nearest is null ? "is not a known field and has no effect" : $"is not a known field and has no effect; did you mean {nearest}?"));
}
