using System.Collections.Frozen;

namespace EdgeAuth.Sessions;

/// <summary>What a session may do on one API, compiled.</summary>
internal sealed class ApiRights(FrozenSet<string>? versions, UrlRule[] urls, bool matchesStripped, SlottedLimit limit, EndpointRule[] endpoints)
{
    /// <summary>True when URLs or endpoints are told apart, so that the path matters.</summary>
    public bool LooksAtPath { get; } = urls.Length > 0 || endpoints.Length > 0;

    /// <summary>The limits where no endpoint has its own.</summary>
    public SlottedLimit Limit => limit;

    /// <summary>True when the version is among those granted; rights that name no API grant every version of each.</summary>
    public bool AllowsVersion(string name) => versions?.Contains(name) != false;

    /// <summary>True when the method and path are among the allowed ones, or nothing is said of them.</summary>
    public bool Allows(string method, string path, ReadOnlySpan<char> strippedPath)
    {
        if (urls.Length == 0)
        {
            return true;
        }

        foreach (var url in urls)
        {
            if (url.Matches(method, path, strippedPath, matchesStripped))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The limits of a request: of the first endpoint that matches path and method.</summary>
    public SlottedLimit Find(string method, string path, ReadOnlySpan<char> strippedPath)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Find(method) is { } own
                && (endpoint.Pattern?.IsMatch(path) == true || (matchesStripped && endpoint.Pattern?.IsMatch(strippedPath) == true)))
            {
                return own;
            }
        }

        return limit;
    }
}
