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

        foreach (var definition in served)
        {
            if (IsRouted(definition.Definition))
            {
                var others = served.Where(other => other != definition).SelectMany(static other => ReservedPaths.Of(other.Definition));
                CheckReserved(definition, "$.proxy.listen_path", definition.Definition.Proxy.ListenPath, others, source, problems);
            }

            CheckReserved(definition, "$.api_id", $"/{definition.Definition.ApiId}/", [], source, problems);
        }
    }

    private static bool IsRouted(ApiDefinition definition) => !definition.Internal && definition.Proxy.ListenPath.StartsWith('/');

    private static void CheckReserved(DefinitionSource source, string field, string path, IEnumerable<string> others, CatalogSource catalog, ProblemList problems)
    {
        var mount = ApiMounts.Trim(path);
        var value = JsonPath.Find(source.Document, field);
        var own = field is "$.api_id" ? $"its path {path} " : "";
        foreach (var reserved in ReservedPaths.Of(catalog.Settings).Concat(others))
        {
            if (ReservedPaths.IsInside(mount, reserved))
            {
                problems.Add(ProblemSeverity.Error, source.File, field, value, $"{own}is inside {reserved}, which is reserved");
                return;
            }
        }

        foreach (var reserved in ReservedPaths.Of(catalog.Settings).Where(reserved => mount.Length == 0 || ReservedPaths.IsInside(reserved, mount)))
        {
            problems.Add(ProblemSeverity.Warning, source.File, field, value, $"{own}covers {reserved}, which is reserved and never proxied");
        }
    }
}
