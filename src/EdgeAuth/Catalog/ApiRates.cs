using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;

namespace EdgeAuth.Catalog;

/// <summary>
/// The rates of all callers of an API together (spec/tyk.md g, <c>global_rate_limit</c> and <c>extended_paths.rate_limit</c>). The first path
/// and method that match replace the rate of the whole API.
/// </summary>
internal sealed class ApiRates
{
    private readonly PathEntry<ApiRate>[] _paths;
    private readonly ApiRate? _whole;

    private ApiRates(PathEntry<ApiRate>[] paths, ApiRate? whole)
    {
        _paths = paths;
        _whole = whole;
    }

    /// <summary>The rates of a version, or null when it has none.</summary>
    public static ApiRates? Compile(ApiDefinition definition, VersionInfo version)
    {
        if (definition.DisableRateLimit)
        {
            return null;
        }

        var whole = definition.GlobalRateLimit is { Disabled: false } global && RateLimit.Of(global.Rate, global.Per) is { } limit
            ? new ApiRate(definition.ApiId, "", limit)
            : null;
        var paths = (version.UseExtendedPaths ? version.ExtendedPaths.RateLimit : [])
            .Where(static rule => rule is { Disabled: false, Rate: > 0 })
            .Select(rule => new PathEntry<ApiRate>(PathPattern.Compile(rule.Path, version.IgnoreEndpointCase)!, rule.Method, Rate(definition.ApiId, rule)))
            .ToArray();
        return paths.Length == 0 && whole is null ? null : new ApiRates(paths, whole);
    }

    /// <summary>The rate that counts a request, by any reading of its path, with and without the listen path; null for none.</summary>
    public ApiRate? Find(in RequestPath path)
    {
        foreach (var entry in _paths)
        {
            if (entry.Matches(path))
            {
                return entry.Value;
            }
        }

        return _whole;
    }

    private static ApiRate Rate(string api, PathRateLimit rule) =>
        new(api, $"{rule.Method.ToUpperInvariant()} {rule.Path}", RateLimit.Of(rule.Rate, rule.Per)!.Value);
}
