using System.Text.RegularExpressions;
using EdgeAuth.Catalog.Definitions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.Catalog.Gate;

/// <summary>Finds the version that a request asks for, by <c>definition</c> (spec/tyk.md g).</summary>
internal sealed class VersionLookup
{
    private readonly Regex? _pattern;

    public VersionLookup(VersionSource source)
    {
        Place = PlaceOf(source.Location) ?? VersionPlace.None;
        Key = source.Key;
        Strips = source.StripVersioningData || (source.StripPath && Place == VersionPlace.Path);
        _pattern = source.UrlVersioningPattern.Length > 0 ? PathPattern.Compile(source.UrlVersioningPattern, ignoreCase: false) : null;
    }

    public VersionPlace Place { get; }

    /// <summary>The name of the header or of the query parameter.</summary>
    public string Key { get; }

    /// <summary>True when the version is taken off what is forwarded.</summary>
    public bool Strips { get; }

    /// <summary>Null for a word that is no location.</summary>
    public static VersionPlace? PlaceOf(string location) => location switch
    {
        "" => VersionPlace.None,
        "header" => VersionPlace.Header,
        "url-param" => VersionPlace.Query,
        "url" => VersionPlace.Path,
        _ => null,
    };

    /// <summary>The version that a request names.</summary>
    public VersionName Find(HttpRequest request, int mountLength) => Place switch
    {
        VersionPlace.Header => Of(request.Headers[Key], separator: ','),
        VersionPlace.Query => Of(request.Query[Key], separator: null),
        VersionPlace.Path => InPath(request.Path.Value ?? "", mountLength),
        _ => new("", 0),
    };

    /// <summary>The first segment that is not empty; one that does not look like a version is part of the path.</summary>
    public VersionName InPath(string path, int mountLength)
    {
        var start = mountLength;
        while (start < path.Length && path[start] == '/')
        {
            start++;
        }

        var end = path.IndexOf('/', start) is var slash and >= 0 ? slash : path.Length;
        var name = path[start..end];
        return name.Length > 0 && _pattern?.IsMatch(name) != false ? new(name, end) : new("", 0);
    }

    // Fields of one name are a list (RFC 9110 section 5.3), which may also be written as one.
    private static VersionName Of(StringValues values, char? separator) => values.Count > 1 ? new(string.Join(',', values.ToArray()), 0, IsRepeated: true)
        : values.ToString() is var name && separator is { } comma && name.Contains(comma) ? new(name, 0, IsRepeated: true)
        : new(name, 0);
}
