using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog;

/// <summary>
/// Path patterns as Tyk reads them: regular expressions in which <c>{name}</c> is one segment and <c>$</c> the end of the path. Matching
/// takes time linear in the path, and patterns that would be too large are refused, so that no pattern and no path can hold a request up.
/// </summary>
internal static partial class PathPattern
{
    private const int MostKept = 20_000;

    // To compile a pattern takes about a millisecond, and a reload finds most of them as they were. What is compiled never changes.
    private static readonly ConcurrentDictionary<(string Pattern, bool IgnoreCase), Regex?> Compiled = new();

    /// <summary>The compiled pattern, or null when it is not a regular expression that can be matched in linear time.</summary>
    public static Regex? Compile(string pattern, bool ignoreCase)
    {
        if (Compiled.Count > MostKept)
        {
            Compiled.Clear();
        }

        return Compiled.GetOrAdd((pattern, ignoreCase), static key => CompileAnew(key.Pattern, key.IgnoreCase));
    }

    private static Regex? CompileAnew(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new Regex(EndAtTheEnd(ReplacePlaceholders(pattern)), options, Regex.InfiniteMatchTimeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// The pattern of an endpoint in the three modes of spec/tyk.md d.2: searched anywhere, from the start of the path, up to its end. <c>/*</c>
    /// is anything, or one segment before a slash.
    /// </summary>
    public static Regex? Compile(string pattern, bool ignoreCase, TykServerSettings settings)
    {
        // Several in a row share their slashes.
        var text = OneSegment().Replace(ReplacePlaceholders(pattern), "/[^/]+").Replace("/*", "/(?s:.*)", StringComparison.Ordinal);
        if (settings.EnablePathPrefixMatching && text.StartsWith('/'))
        {
            text = "^" + text;
        }

        return Compile(settings.EnablePathSuffixMatching ? text + "$" : text, ignoreCase);
    }

    /// <summary>Turns <c>{name}</c> into a pattern of one segment; <c>{2}</c> and <c>{1,3}</c> stay repetitions.</summary>
    public static string ReplacePlaceholders(string pattern) => Placeholder().Replace(pattern, "([^/]+)");

    // To .NET $ is also the place before a line break at the end, and a path may end in one.
    private static string EndAtTheEnd(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        var firstMember = -1;
        for (var i = 0; i < pattern.Length; i++)
        {
            var letter = pattern[i];
            if (letter == '\\' && i + 1 < pattern.Length)
            {
                var escaped = pattern[++i];
                text.Append(letter).Append(escaped == 'Z' ? 'z' : escaped);
                continue;
            }

            if (firstMember < 0 && letter == '[')
            {
                firstMember = i + (i + 1 < pattern.Length && pattern[i + 1] == '^' ? 2 : 1);
            }
            else if (letter == ']' && i > firstMember)
            {
                firstMember = -1;
            }

            text.Append(letter == '$' && firstMember < 0 ? "\\z" : letter.ToString());
        }

        return text.ToString();
    }

    [GeneratedRegex(@"/\*(?=/)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneSegment();

    [GeneratedRegex(@"\{[^0-9,{}][^{}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
