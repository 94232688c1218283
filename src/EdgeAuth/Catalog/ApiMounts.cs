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

    /// <summary>What lies below the mounts of an API and is answered by another or by the gateway itself.</summary>
    public static IReadOnlyList<string> Enclaves(CompiledApi api, IEnumerable<CompiledApi> all, GatewaySettings settings)
    {
        var others = all.Where(other => other != api && !other.Definition.Internal).SelectMany(static other => other.Mounts);
        return
        [
            .. others.Concat(ReservedPaths.Of(settings)).Concat(ReservedPaths.Of(api.Definition))
                .Where(path => path.Length > 0 && api.Mounts.Any(mount => path.Length > mount.Length && ReservedPaths.IsInside(path, mount))),
        ];
    }

    /// <summary>A path without the slash at its end; the root is empty.</summary>
    public static string Trim(string path) => path.TrimEnd('/');
}
