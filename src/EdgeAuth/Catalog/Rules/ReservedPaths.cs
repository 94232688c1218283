using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog.Rules;

/// <summary>Paths that the gateway answers itself, for every method, and never proxies.</summary>
internal static class ReservedPaths
{
    /// <summary>Below an API that asks for a credential (spec/tyk.md f.7).</summary>
    public const string RateLimits = "/tyk/rate-limits";

    /// <summary>Below an API with <c>use_oauth2</c> (spec/tyk.md b).</summary>
    private static IReadOnlyList<string> OAuth { get; } = ["/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/revoke_all", "/tyk/oauth/authorize-client"];

    private static IReadOnlyList<string> Own { get; } = ["/hello", "/ready", "/metrics", "/openapi.json", "/api/auth/token", "/tyk"];

    /// <summary>Those of an API, below each of its mounts.</summary>
    public static IEnumerable<string> Of(ApiDefinition definition)
    {
        IEnumerable<string> suffixes = [.. definition.UseOauth2 ? OAuth : [], .. definition.UseKeyless ? Array.Empty<string>() : [RateLimits]];
        return ApiMounts.Of(definition).SelectMany(mount => suffixes.Select(suffix => mount + suffix));
    }

    /// <summary>The gateway's own, with the mounted dialects.</summary>
    public static IEnumerable<string> Of(GatewaySettings settings)
    {
        IEnumerable<string> pathBases = [settings.Tyk.PathBase, .. settings.Authlete.Enabled ? [settings.Authlete.PathBase] : Array.Empty<string>()];

        // Dialects may share a path base.
        return Own
            .Concat(pathBases.Select(ApiMounts.Trim).Where(static pathBase => pathBase.Length > 0))
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>True when a path is another or lies below it, whole segments, without case.</summary>
    public static bool IsInside(string path, string outer) =>
        path.StartsWith(outer, StringComparison.OrdinalIgnoreCase) && (path.Length == outer.Length || path[outer.Length] == '/');
}
