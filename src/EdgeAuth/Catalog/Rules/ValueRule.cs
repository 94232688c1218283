using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>Numbers and words of a definition are in their range.</summary>
internal sealed class ValueRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        if (definition.Errors is not ("" or "rfc" or "tyk"))
        {
            report.Error("errors", "must be rfc or tyk");
        }

        if (definition.SessionLifetime is < 0 or > int.MaxValue)
        {
            report.Error("session_lifetime", "must be a number of seconds, 0 for no limit");
        }

        foreach (var (name, version) in definition.VersionData.Versions)
        {
            var path = JsonPath.Append("version_data.versions", name);
            if (version.GlobalEnforceTimeout is < 0 or > 1e6)
            {
                report.Error(path + ".global_enforce_timeout", "must be a number of seconds, 0 for the gateway's default");
            }

            for (var i = 0; i < (version.UseExtendedPaths ? version.ExtendedPaths.HardTimeouts.Count : 0); i++)
            {
                var rule = version.ExtendedPaths.HardTimeouts[i];
                if (!rule.Disabled && (rule.Timeout is <= 0 or > 1e6 || rule.Path.Length == 0 || PathPattern.Compile(rule.Path, ignoreCase: false) is null))
                {
                    report.Error($"{path}.extended_paths.hard_timeouts[{i}]", "must have a path that is a regular expression, and a timeout in seconds above 0");
                }
            }
        }
    }
}
