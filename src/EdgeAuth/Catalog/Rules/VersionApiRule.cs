using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>Where each version is an API of its own, those APIs exist and have no such versions themselves (spec/tyk.md g).</summary>
internal sealed class VersionApiRule : ICatalogRule
{
    public void Check(CatalogSource source, ProblemList problems)
    {
        var apis = source.Served.GroupBy(static served => served.Definition.ApiId, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First().Definition, StringComparer.Ordinal);
        foreach (var served in source.Served)
        {
            var report = new DefinitionRule.Reporter(served, problems);
            if (served.Definition.Definition.Enabled)
            {
                Check(served.Definition, apis, report);
            }
            else if (served.Definition.Definition.Versions is { Count: > 0 })
            {
                report.Warning("definition.versions", "has no effect without enabled: true");
            }
        }
    }

    private static void Check(ApiDefinition definition, Dictionary<string, ApiDefinition> apis, DefinitionRule.Reporter report)
    {
        var source = definition.Definition;
        if (!definition.VersionData.NotVersioned)
        {
            report.Error("version_data.not_versioned", "must be true with definition.enabled, where each version is an API of its own");
        }

        if (source.Default.Length > 0 && source.Default is not VersionApis.Self && !string.Equals(source.Default, source.Name, StringComparison.Ordinal)
            && source.Versions?.ContainsKey(source.Default) != true)
        {
            report.Error("definition.default", "must be self, the API's own name or one of the versions");
        }

        foreach (var (name, id) in source.Versions ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            var path = JsonPath.Append("definition.versions", name);
            if (name is "" or VersionApis.Self || string.Equals(name, source.Name, StringComparison.Ordinal))
            {
                report.Error(path, "is the name of the API itself");
            }
            else if (!apis.TryGetValue(id ?? "", out var version))
            {
                report.Error(path, "no definition that is served has this api_id");
            }
            else if (version.Definition.Enabled || !version.VersionData.NotVersioned)
            {
                report.Error(path, "is an API that has versions itself");
            }
        }
    }
}
