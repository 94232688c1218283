using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Rules;

/// <summary>Versions are not enforced yet, so an API must say that it has none; absent means versioned (spec/tyk.md g).</summary>
internal sealed class VersionRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        if (!definition.VersionData.NotVersioned)
        {
            report.Error("version_data.not_versioned", "must be true: versions are not enforced yet, and absent means versioned");
        }

        if (definition.Definition.Enabled || definition.Definition.Versions is { Count: > 0 })
        {
            report.Error(definition.Definition.Enabled ? "definition.enabled" : "definition.versions", "versions are not enforced yet; remove it");
        }

        if (definition.VersionData.Versions.Count > 1 && SingleVersion.Of(definition.VersionData) is null)
        {
            report.Error("version_data.versions", "Ambiguous default API version for this non-versioned API; name one of them Default");
        }
    }
}
