using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>No two APIs answer at one path, and none answers inside a path that is reserved.</summary>
internal sealed class MountConflictRule : ICatalogRule
{
    public void Check(CatalogSource source, ProblemList problems)
    {
        var mounts = new Dictionary<string, DefinitionSource>(StringComparer.OrdinalIgnoreCase);
        var served = source.Served.Where(static definition => definition.Definition.ApiId.Length > 0).ToList();
        foreach (var definition in served.Where(static definition => IsRouted(definition.Definition)))
        {
            var mount = ApiMounts.Trim(definition.Definition.Proxy.ListenPath);
            if (!mounts.TryAdd(mount, definition))
            {
                problems.Error(definition.File, "$.proxy.listen_path", definition.Definition.Proxy.ListenPath, $"is the listen path of {mounts[mount].File} already");
            }
        }

        foreach (var definition in served.Where(static definition => !definition.Definition.Internal))
        {
            var mount = "/" + definition.Definition.ApiId;
            if (mounts.TryGetValue(mount, out var other) && !string.Equals(other.Definition.ApiId, definition.Definition.ApiId, StringComparison.OrdinalIgnoreCase))
            {
                problems.Error(other.File, "$.proxy.listen_path", other.Definition.Proxy.ListenPath, $"is the path /{definition.Definition.ApiId}/ of the API in {definition.File}, which answers there by its id");
            }
        }

        string[] own = [.. ReservedPaths.Of(source.Settings)];
        var ofApis = served.SelectMany(static definition => ReservedPaths.Of(definition.Definition).Select(path => (Path: path, Definition: definition)))
            .ToLookup(static reserved => reserved.Path, static reserved => reserved.Definition, StringComparer.OrdinalIgnoreCase);
        foreach (var definition in served)
        {
            if (IsRouted(definition.Definition))
            {
                var others = AndAbove(ApiMounts.Trim(definition.Definition.Proxy.ListenPath)).Where(path => ofApis[path].Any(other => other != definition));
                CheckReserved(definition, "$.proxy.listen_path", definition.Definition.Proxy.ListenPath, others, own, problems);
            }

            CheckReserved(definition, "$.api_id", $"/{definition.Definition.ApiId}/", [], own, problems);
        }
    }

    private static bool IsRouted(ApiDefinition definition) => !definition.Internal && definition.Proxy.ListenPath.StartsWith('/');

    // A path and those that it lies inside.
    private static IEnumerable<string> AndAbove(string path)
    {
        for (; path.Length > 0; path = path[..path.LastIndexOf('/')])
        {
            yield return path;
        }
    }

    private static void CheckReserved(DefinitionSource source, string field, string path, IEnumerable<string> others, string[] own, ProblemList problems)
    {
        var mount = ApiMounts.Trim(path);
        var value = JsonPath.Find(source.Document, field);
        var subject = field is "$.api_id" ? $"its path {path} " : "";
        foreach (var reserved in own.Concat(others))
        {
            if (ReservedPaths.IsInside(mount, reserved))
            {
                problems.Add(ProblemSeverity.Error, source.File, field, value, $"{subject}is inside {reserved}, which is reserved");
                return;
            }
        }

        foreach (var reserved in own.Where(reserved => mount.Length == 0 || ReservedPaths.IsInside(reserved, mount)))
        {
            problems.Add(ProblemSeverity.Warning, source.File, field, value, $"{subject}covers {reserved}, which is reserved and never proxied");
        }
    }
}
