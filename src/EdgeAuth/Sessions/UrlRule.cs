using System.Text.RegularExpressions;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>One of <c>allowed_urls</c>, compiled (spec/tyk.md d.2 step 9). A pattern that cannot be compiled never matches.</summary>
internal sealed class UrlRule(AllowedUrl source, Regex? pattern)
{
    private readonly string[] _methods = [.. source.Methods];

    /// <summary>True when the pattern matches the path, or the path without its mount where that counts, and the method is one of its.</summary>
    public bool Matches(string method, string path, ReadOnlySpan<char> strippedPath, bool matchesStripped) =>
        pattern is not null
        && (pattern.IsMatch(path) || (matchesStripped && pattern.IsMatch(strippedPath)))
        && Array.IndexOf(_methods, method) >= 0;
}
