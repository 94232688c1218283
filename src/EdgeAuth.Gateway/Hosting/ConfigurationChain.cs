using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>
/// The host's configuration, later sources winning: defaults in code, <c>appsettings.json</c> of the working directory, <c>gateway.json</c> of
/// the configuration directory, environment, command line.
/// </summary>
/// <param name="directory">The configuration directory.</param>
/// <param name="arguments">Settings as on the command line.</param>
/// <param name="alone">Leave out what belongs to the machine and the working directory, for a gateway that must be the same everywhere.</param>
internal sealed class ConfigurationChain(string directory, IReadOnlyList<string> arguments, bool alone = false)
{
    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:System"] = "Warning",
        ["Logging:LogLevel:Yarp"] = "Warning",

        // It warns that keys are not encrypted by itself; the store's key ring wraps them.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",

        // A line for every refused request would be the cheapest way to fill a disk.
        ["Logging:LogLevel:EdgeAuth.Enforcement"] = "Warning",
    };

    public string Directory => directory;

    /// <summary>Adds the environment, the plain names winning over those of the framework.</summary>
    public static IConfigurationBuilder AddEnvironment(IConfigurationBuilder builder) =>
        builder.AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables();

    /// <summary>The chain with <c>gateway.json</c> as it is on disk.</summary>
    public IConfigurationRoot Build()
    {
        var gateway = Path.Combine(directory, ConfigurationDirectory.Gateway);
        return Build(File.Exists(gateway) ? File.ReadAllBytes(gateway) : null);
    }

    /// <summary>The chain with <c>gateway.json</c> as given.</summary>
    public IConfigurationRoot Build(byte[]? gateway)
    {
        var builder = new ConfigurationBuilder()
            .AddInMemoryCollection(Defaults);
        if (!alone)
        {
            builder.AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true, reloadOnChange: false);
        }

        if (gateway is not null)
        {
            builder.AddJsonStream(new MemoryStream(gateway));
        }

        if (!alone)
        {
            AddEnvironment(builder);
        }

        return builder
            .AddCommandLine([.. arguments])
            .AddInMemoryCollection([new("EdgeAuth:Catalog:Directory", directory)])
            .Build();
    }
}
