using System.Buffers;

namespace EdgeAuth.Catalog;

/// <summary>What may be a scope's name (RFC 6749 section 3.3).</summary>
internal static class ScopeText
{
    private static readonly SearchValues<char> Token = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static letter => (char)letter).Where(static letter => letter is not ('"' or '\\'))]);

    /// <summary>True for one scope: visible ASCII without quotes and backslashes.</summary>
    public static bool IsToken(string? text) => text is { Length: > 0 } && !text.AsSpan().ContainsAnyExcept(Token);
}
