using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>
/// Path lists, fixed answers and size limits can be enforced as written: a pattern that does not compile would forbid nothing (spec/tyk.md j.8).
/// </summary>
internal sealed class PathListRule : DefinitionRule
{
    private const string Pattern = "must have a path that is a regular expression";

    protected override void Check(ApiDefinition definition, Reporter report)
    {
        foreach (var (name, version) in definition.VersionData.Versions)
        {
            var path = JsonPath.Append("version_data.versions", name);
            CheckPlain(path + ".paths", version, report);
            if (version.UseExtendedPaths)
            {
                CheckExtended(path + ".extended_paths", version.ExtendedPaths, report);
            }

            if (version.GlobalSizeLimit < 0)
            {
                report.Error(path + ".global_size_limit", "must be a number of bytes, 0 for no limit");
            }
        }
    }

    private static void CheckPlain(string path, VersionInfo version, Reporter report)
    {
        foreach (var (name, list) in new[] { ("ignored", version.Paths.Ignored), ("white_list", version.Paths.WhiteList), ("black_list", version.Paths.BlackList) })
        {
            if (version.UseExtendedPaths && list.Count > 0)
            {
                report.Warning($"{path}.{name}", "has no effect with use_extended_paths: true");
                continue;
            }

            for (var i = 0; i < list.Count; i++)
            {
                if (!IsPattern(list[i]))
                {
                    report.Error($"{path}.{name}[{i}]", "must be a regular expression");
                }
            }
        }
    }

    private static void CheckExtended(string path, ExtendedPaths paths, Reporter report)
    {
        foreach (var (name, list) in new[] { ("ignored", paths.Ignored), ("white_list", paths.WhiteList), ("black_list", paths.BlackList) })
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (!list[i].Disabled)
                {
                    CheckRule($"{path}.{name}[{i}]", list[i], report);
                }
            }
        }

        for (var i = 0; i < paths.MockResponse.Count; i++)
        {
            if (paths.MockResponse[i] is { Disabled: false } mock)
            {
                CheckPattern($"{path}.mock_response[{i}]", mock.Path, report);
                CheckReply($"{path}.mock_response[{i}]", mock.Code, mock.Headers, report);
            }
        }

        for (var i = 0; i < paths.SizeLimits.Count; i++)
        {
            if (paths.SizeLimits[i] is { Disabled: false } limit && (limit.SizeLimit < 0 || !IsPattern(limit.Path)))
            {
                report.Error($"{path}.size_limits[{i}]", Pattern + ", and a size_limit in bytes, 0 for no limit");
            }
        }
    }

    private static void CheckRule(string path, PathRule rule, Reporter report)
    {
        CheckPattern(path, rule.Path, report);
        foreach (var (method, action) in rule.MethodActions)
        {
            var place = JsonPath.Append(path + ".method_actions", method);
            if (!FieldText.IsToken(method))
            {
                report.Error(place, "must be named by a method");
            }

            if (action.Action is "reply")
            {
                CheckReply(place, action.Code, action.Headers, report);
            }
            else if (action.Action is not ("" or "no_action"))
            {
                report.Error(place + ".action", "must be no_action or reply");
            }
        }
    }

    private static void CheckReply(string path, long code, IReadOnlyDictionary<string, string>? headers, Reporter report)
    {
        if (code is not 0 and (< 200 or > 599))
        {
            report.Error(path + ".code", "must be a status from 200 to 599");
        }

        foreach (var (name, value) in headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (FieldText.Problem(name, value) is { } problem)
            {
                report.Error(JsonPath.Append(path + ".headers", name), problem);
            }
        }
    }

    private static void CheckPattern(string path, string pattern, Reporter report)
    {
        if (!IsPattern(pattern))
        {
            report.Error(path, Pattern);
        }
    }

    private static bool IsPattern(string text) => text is { Length: > 0 } && PathPattern.Compile(text, ignoreCase: false) is not null;
}
