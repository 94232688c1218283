using EdgeAuth.Catalog.Reading;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Binds and checks the settings of one generation; what is wrong with them becomes problems, all of them.</summary>
internal sealed class SettingsReader(KnownSettings known)
{
    public GatewaySettings Read(IConfiguration configuration, ProblemList problems)
    {
        var root = configuration.GetSection("EdgeAuth");
        known.Check(root, problems);
        var unfit = known.CheckTypes(root, problems);
        var fit = Without(configuration, unfit).GetSection("EdgeAuth");
        var settings = new GatewaySettings(
            Bind<OAuthOptions>(fit.GetSection("OAuth")),
            Bind<EnforcementOptions>(fit.GetSection("Enforcement")),
            Bind<ManagementOptions>(fit.GetSection("Management")),
            Bind<TykSettings>(fit.GetSection("Dialects:Tyk")),
            Bind<AuthleteSettings>(fit.GetSection("Dialects:Authlete")));
        foreach (var (path, value, reason) in SettingsRules.Check(settings).Concat(SettingsRules.CheckProxies(fit.GetSection("TrustedProxies"))))
        {
            problems.Error(ProblemList.ConfigurationFile, path, value, reason);
        }

        foreach (var (key, reason) in SettingsRules.WithoutEffect)
        {
            if (root.GetSection("Dialects:Tyk:" + key) is var section && section.AsEnumerable().Any(static pair => !string.IsNullOrEmpty(pair.Value)))
            {
                problems.Warning(ProblemList.ConfigurationFile, "$.EdgeAuth.Dialects.Tyk." + key.Replace(':', '.'), section.Value, "has no effect: " + reason);
            }
        }

        return settings;
    }

    // A value that does not fit its key keeps its default here, so that the other values are checked too.
    private static IConfiguration Without(IConfiguration configuration, IReadOnlySet<string> unfit) => unfit.Count == 0
        ? configuration
        : new ConfigurationBuilder()
            .AddInMemoryCollection(configuration.AsEnumerable().Where(pair => !unfit.Any(path => IsAtOrBelow(pair.Key, path))))
            .Build();

    private static bool IsAtOrBelow(string key, string path) =>
        key.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (key.Length == path.Length || key[path.Length] == ':');

    private static T Bind<T>(IConfigurationSection section)
        where T : new()
    {
        var options = new T();
        section.Bind(options);
        return options;
    }
}
