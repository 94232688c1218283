using EdgeAuth.Catalog.Definitions;

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

    /// <summary>A path without the slash at its end; the root is empty.</summary>
    public static string Trim(string path) => path.TrimEnd('/');
}
