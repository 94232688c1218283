using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>The rates of all callers together mean something: they have a window, and paths that can be matched (spec/tyk.md j.7).</summary>
internal sealed class RateRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        const string Reason = "per must be greater than 0 when rate is set";
        if (definition.GlobalRateLimit is { Disabled: false, Rate: > 0, Per: <= 0 })
        {
            report.Error("global_rate_limit", Reason);
        }

        foreach (var (name, version) in definition.VersionData.Versions.Where(static version => version.Value.UseExtendedPaths))
        {
            var path = JsonPath.Append("version_data.versions", name) + ".extended_paths.rate_limit";
            for (var i = 0; i < version.ExtendedPaths.RateLimit.Count; i++)
            {
                var rule = version.ExtendedPaths.RateLimit[i];
                if (rule is { Disabled: false, Rate: > 0, Per: <= 0 })
                {
                    report.Error($"{path}[{i}]", Reason);
                }

                if (rule is { Disabled: false, Rate: > 0 } && (rule.Path.Length == 0 || PathPattern.Compile(rule.Path, ignoreCase: false) is null))
                {
                    report.Error($"{path}[{i}]", "must name a path by a regular expression");
                }
            }
        }
    }
}
