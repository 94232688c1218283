using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Rules;
using EdgeAuth.Catalog.Settings;
using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog.Reading;

/// <summary>Reads a configuration whole and runs every rule over it.</summary>
internal sealed class CatalogReader(ConfigurationSource configuration, SettingsReader settingsReader, IEnumerable<ICatalogRule> rules, IConfigValidator yarpValidator)
{
    public string Directory => configuration.Directory.FullPath;

    /// <summary>As <see cref="Read(ProblemList)"/>, but what was found stays news to the watcher.</summary>
    public CatalogSource Look(ProblemList problems) => Read(configuration.Directory.Look(problems), problems);

    /// <summary>What was found; with an error among the problems it must not be served.</summary>
    public CatalogSource Read(ProblemList problems) => Read(configuration.Directory.Read(problems), problems);

    /// <summary>What is found in files that the directory has, or may come to have.</summary>
    public CatalogSource Read(IReadOnlyList<ConfigurationFile> files, ProblemList problems)
    {
        var settings = configuration.Read(files, problems);
        var (routes, clusters) = configuration.OwnsReverseProxy ? ReadProxy(settings.GetSection("ReverseProxy"), problems) : ([], []);
        var source = new CatalogSource(
            settingsReader.Read(settings, problems),
            ReadDefinitions(files, problems),
            ReadPolicies(files, problems),
            routes,
            clusters);
        foreach (var rule in rules)
        {
            rule.Check(source, problems);
        }

        return source;
    }

    /// <summary>Runs YARP's own validation, which a configuration must pass before it may be swapped in.</summary>
    public async Task ValidateAsync(CatalogSource source, IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters, ProblemList problems)
    {
        foreach (var route in routes)
        {
            foreach (var error in await yarpValidator.ValidateRouteAsync(route))
            {
                var (file, path) = Origin(source, route.RouteId) is { } own ? (own, "$.yarp.route") : (ConfigurationDirectory.Gateway, "$.ReverseProxy.Routes." + route.RouteId);
                problems.Error(file, path, value: null, error.Message);
            }
        }

        foreach (var cluster in clusters)
        {
            foreach (var error in await yarpValidator.ValidateClusterAsync(cluster))
            {
                var (file, path) = Origin(source, cluster.ClusterId) is { } own ? (own, "$.yarp.cluster") : (ConfigurationDirectory.Gateway, "$.ReverseProxy.Clusters." + cluster.ClusterId);
                problems.Error(file, path, value: null, error.Message);
            }
        }
    }

    // The file of the definition that a route or cluster was made from, by the id it was given.
    private static string? Origin(CatalogSource source, string id) =>
        id.Split(':') is ["api", var api, ..] ? source.Served.FirstOrDefault(definition => string.Equals(definition.Definition.ApiId, api, StringComparison.Ordinal))?.File : null;

    private static (IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters) ReadProxy(IConfigurationSection section, ProblemList problems)
    {
        const string Path = "$.ReverseProxy";
        foreach (var (name, type) in new[] { ("Routes", typeof(RouteConfig)), ("Clusters", typeof(ClusterConfig)) })
        {
            foreach (var item in section.GetSection(name).GetChildren())
            {
                YarpSection.ReportUnknown(item, type, ConfigurationDirectory.Gateway, JsonPath.Append($"{Path}.{name}", item.Key), problems);
            }
        }

        return YarpSection.Parse(section, ConfigurationDirectory.Gateway, Path, problems);
    }

    /// <summary>The definitions among the files.</summary>
    public static List<DefinitionSource> ReadDefinitions(IReadOnlyList<ConfigurationFile> files, ProblemList problems)
    {
        var definitions = new List<DefinitionSource>();
        foreach (var file in files.Where(static file => file.Path.StartsWith(ConfigurationDirectory.Apis + "/", StringComparison.Ordinal)))
        {
            if (DocumentReader.Parse(file, problems) is { } document && DocumentReader.Bind<ApiDefinition>(file.Path, "$", document, problems) is { } definition)
            {
                definitions.Add(new DefinitionSource(file.Path, definition, document));
            }
        }

        return definitions;
    }

    /// <summary>The policies among the files.</summary>
    public static List<PolicySource> ReadPolicies(IReadOnlyList<ConfigurationFile> files, ProblemList problems)
    {
        var policies = new List<PolicySource>();
        foreach (var file in files.Where(static file => file.Path.StartsWith(ConfigurationDirectory.Policies + "/", StringComparison.Ordinal)))
        {
            if (DocumentReader.Parse(file, problems) is not { } document)
            {
                continue;
            }

            if (document.ValueKind != JsonValueKind.Object)
            {
                problems.Add(ProblemSeverity.Error, file.Path, "$", document, "must be an object: a map of policy id to policy, or one policy");
            }
            else if (IsOnePolicy(document))
            {
                AddPolicy(policies, file.Path, "$", id: null, document, problems);
            }
            else
            {
                foreach (var member in document.EnumerateObject().Where(static member => !string.Equals(member.Name, DocumentReader.SchemaMember, StringComparison.Ordinal)))
                {
                    AddPolicy(policies, file.Path, JsonPath.Append("$", member.Name), member.Name, member.Value, problems);
                }
            }
        }

        return policies;
    }

    // A map's members are policies, objects all of them; a policy is known by its own id or its rights (spec/tyk.md e.1).
    internal static bool IsOnePolicy(JsonElement document) =>
        (document.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
        || (document.TryGetProperty("_id", out var databaseId) && databaseId.ValueKind == JsonValueKind.String)
        || document.TryGetProperty("access_rights", out _);

    private static void AddPolicy(List<PolicySource> policies, string file, string path, string? id, JsonElement element, ProblemList problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(ProblemSeverity.Error, file, path, element, "must be a policy");
            return;
        }

        if (DocumentReader.Bind<Policy>(file, path, element, problems) is { } policy)
        {
            var ownId = policy.Id.Length > 0 ? policy.Id : policy.DatabaseId is { ValueKind: JsonValueKind.String } database ? database.GetString()! : "";
            policies.Add(new PolicySource(file, path, policy with { Id = id ?? ownId }) { Document = element });
        }
    }
}
