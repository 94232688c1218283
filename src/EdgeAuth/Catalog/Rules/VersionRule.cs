using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>The versions of an API can be told apart; absent <c>not_versioned</c> means that it has some (spec/tyk.md g).</summary>
internal sealed class VersionRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        var (data, source) = (definition.VersionData, definition.Definition);
        CheckExpiry("expiration", definition.Expiration, report);
        foreach (var (name, version) in data.Versions)
        {
            CheckExpiry(JsonPath.Append("version_data.versions", name) + ".expires", version.Expires, report);
        }

        if (data.NotVersioned)
        {
            if (data.Versions.Count > 1 && SingleVersion.Of(data) is null)
            {
                report.Error("version_data.versions", "Ambiguous default API version for this non-versioned API; name one of them Default");
            }
        }
        else if (data.Versions.Count == 0)
        {
            report.Warning("version_data", "has no versions, and without not_versioned: true an API is versioned: every request is refused");
        }
        else if (data.DefaultVersion.Length > 0 && !data.Versions.ContainsKey(data.DefaultVersion))
        {
            report.Error("version_data.default_version", "is none of the versions");
        }

        if (source.Enabled || (!data.NotVersioned && data.Versions.Count > 0))
        {
            CheckSource(source, source.Enabled ? source.Default : data.DefaultVersion, report);
        }
    }

    private static void CheckExpiry(string path, string text, Reporter report)
    {
        if (!Expiry.IsReadable(text))
        {
            report.Warning(path, "is no date such as \"2030-01-31 12:00\" and counts as expired");
        }
    }

    private static void CheckSource(VersionSource source, string defaultName, Reporter report)
    {
        var place = VersionLookup.PlaceOf(source.Location);
        if (place is null)
        {
            report.Error("definition.location", "must be header, url-param or url");
        }
        else if (place == VersionPlace.None)
        {
            report.Warning("definition.location", "is not set: no request can name a version");
        }
        else if (place != VersionPlace.Path && source.Key.Length == 0)
        {
            report.Error("definition.key", "is required: the name of the header or of the query parameter");
        }

        if (source.UrlVersioningPattern.Length > 0 && PathPattern.Compile(source.UrlVersioningPattern, ignoreCase: false) is null)
        {
            report.Error("definition.url_versioning_pattern", "must be a regular expression");
        }

        if (source.FallbackToDefault && defaultName.Length == 0)
        {
            report.Warning("definition.fallback_to_default", "has no effect without a default version");
        }
    }
}
