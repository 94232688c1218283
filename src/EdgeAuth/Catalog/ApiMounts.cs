using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Rules;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog;

/// <summary>The paths an API answers below: its listen path and <c>/{api_id}</c> (spec/tyk.md d.1), without a slash at the end.</summary>
internal static class ApiMounts
{
    public static IEnumerable<string> Of(ApiDefinition definition)
    {
        var byId = "/" + definition.ApiId;
        if (!definition.Internal)
        {
            var listenPath = Trim(definition.Proxy.ListenPath);
            yield return listenPath;
            if (string.Equals(listenPath, byId, StringComparison.OrdinalIgnoreCase))
            {
                yield break;
            }
        }

        yield return byId;
    }

    /// <summary>What lies below the mounts of each API and is answered by another or by the gateway itself.</summary>
    public static void FindEnclaves(IReadOnlyList<CompiledApi> apis, GatewaySettings settings)
    {
        // In this order all that lies below a path stands together.
        (string Path, CompiledApi Api)[] mounts =
        [
            .. apis.Where(static api => !api.Definition.Internal)
                .SelectMany(static api => api.Mounts.Where(static mount => mount.Length > 0).Select(mount => (Path: mount, Api: api)))
                .OrderBy(static mount => mount.Path, StringComparer.OrdinalIgnoreCase),
        ];
        string[] paths = [.. mounts.Select(static mount => mount.Path)];
        string[] reserved = [.. ReservedPaths.Of(settings)];
        foreach (var api in apis)
        {
            var others = api.Mounts.SelectMany(mount => Below(mount)).Where(other => other.Api != api).Select(static other => other.Path).Distinct(StringComparer.Ordinal);
            var own = reserved.Concat(ReservedPaths.Of(api.Definition))
                .Where(path => api.Mounts.Any(mount => path.Length > mount.Length && ReservedPaths.IsInside(path, mount)));
            api.Enclaves = [.. others, .. own];
        }

        IEnumerable<(string Path, CompiledApi Api)> Below(string mount)
        {
            var prefix = mount + "/";
            var first = Array.BinarySearch(paths, prefix, StringComparer.OrdinalIgnoreCase);
            for (var i = first < 0 ? ~first : first; i < paths.Length && paths[i].StartsWith(prefix, StringComparison.OrdinalIgnoreCase); i++)
            {
                yield return mounts[i];
            }
        }
    }

    /// <summary>A path without the slash at its end; the root is empty.</summary>
    public static string Trim(string path) => path.TrimEnd('/');
}
