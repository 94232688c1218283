using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Reading;

/// <summary>Where a generation's configuration comes from.</summary>
/// <param name="directory">The configuration directory.</param>
/// <param name="configuration">The running application's configuration.</param>
/// <param name="rebuild">
/// How the host reads its configuration anew, <c>gateway.json</c> as given; null in an application of its own, whose configuration
/// already holds what it wants to give and whose <c>ReverseProxy</c> section is its own affair.
/// </param>
internal sealed class ConfigurationSource(ConfigurationDirectory directory, IConfiguration configuration, Func<byte[]?, IConfiguration>? rebuild)
{
    public ConfigurationDirectory Directory => directory;

    /// <summary>True when routes of a <c>ReverseProxy</c> section are read with the definitions, as one generation.</summary>
    public bool OwnsReverseProxy => rebuild is not null;

    /// <summary>True for what the framework's readers throw at a file that is not what it should be.</summary>
    public static bool IsUnreadable(Exception error) => error is JsonException or FormatException or InvalidDataException or InvalidOperationException;

    /// <summary>The configuration of the files given; the running one, and a problem, when they cannot be read.</summary>
    public IConfiguration Read(IReadOnlyList<ConfigurationFile> files, ProblemList problems)
    {
        if (rebuild is null)
        {
            return configuration;
        }

        var gateway = files.FirstOrDefault(static file => string.Equals(file.Path, ConfigurationDirectory.Gateway, StringComparison.Ordinal));
        if (gateway is not null && DocumentReader.Parse(gateway, problems) is null)
        {
            return configuration;
        }

        try
        {
            return rebuild(gateway?.Content);
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            problems.Error(ConfigurationDirectory.Gateway, "$", value: null, "cannot be read: " + (error is InvalidDataException ? error.Message + " " : "") + error.GetBaseException().Message);
            return configuration;
        }
    }
}
