using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>The header fields that a version sets and removes can be sent and are not the gateway's own (spec/tyk.md g, <c>global_headers</c>).</summary>
internal sealed class HeaderRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        foreach (var (name, version) in definition.VersionData.Versions)
        {
            var path = JsonPath.Append("version_data.versions", name);
            CheckSet(path + ".global_headers", version.GlobalHeaders, report);
            CheckRemoved(path + ".global_headers_remove", version.GlobalHeadersRemove, report);
            CheckSet(path + ".global_response_headers", version.GlobalResponseHeaders, report);
            CheckRemoved(path + ".global_response_headers_remove", version.GlobalResponseHeadersRemove, report);
        }
    }

    private static void CheckSet(string path, IReadOnlyDictionary<string, string>? fields, Reporter report)
    {
        foreach (var (name, value) in fields ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (FieldText.Problem(name, value) is { } problem)
            {
                report.Error(JsonPath.Append(path, name), problem);
            }
            else if (HeaderChanges.NamesAVariable(value))
            {
                report.Warning(JsonPath.Append(path, name), "is not sent: variables are not filled in");
            }
        }
    }

    private static void CheckRemoved(string path, IReadOnlyList<string>? names, Reporter report)
    {
        for (var i = 0; i < names?.Count; i++)
        {
            if (FieldText.Problem(names[i] ?? "", value: "") is { } problem)
            {
                report.Error($"{path}[{i}]", problem);
            }
        }
    }
}
