using System.Text.RegularExpressions;

namespace EdgeAuth.Catalog;

/// <summary>
/// Path patterns as Tyk reads them: regular expressions in which <c>{name}</c> is one segment. Matching takes time linear in the path,
/// so that no pattern and no path can hold a request up.
/// </summary>
internal static partial class PathPattern
{
    /// <summary>The compiled pattern, or null when it is not a regular expression that can be matched in linear time.</summary>
    public static Regex? Compile(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new Regex(ReplacePlaceholders(pattern), options, Regex.InfiniteMatchTimeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Turns <c>{name}</c> into a pattern of one segment; <c>{2}</c> and <c>{1,3}</c> stay repetitions.</summary>
    public static string ReplacePlaceholders(string pattern) => Placeholder().Replace(pattern, "([^/]+)");

    [GeneratedRegex(@"\{[^0-9,{}][^{}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
