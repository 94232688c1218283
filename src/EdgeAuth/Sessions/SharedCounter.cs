using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAuth.Sessions;

/// <summary>
/// Counters that several keys share: <c>meta_data.rate_limit_pattern</c>, whose placeholders <c>$tyk_meta.x</c> stand for other members of
/// <c>meta_data</c> (spec/tyk.md d.4).
/// </summary>
internal static partial class SharedCounter
{
    private const string Pattern = "rate_limit_pattern";

    /// <summary>
    /// Under what the limits are counted; null for the key itself, also where a placeholder stands for nothing: else all keys that lack it
    /// would share one counter. A shared counter belongs to an organisation, and no key's hash looks like it.
    /// </summary>
    /// <param name="org">The organisation of the session.</param>
    /// <param name="metaData">The <c>meta_data</c> of the session, lists by descending precedence.</param>
    public static string? OwnerOf(string org, params ReadOnlySpan<IReadOnlyDictionary<string, JsonElement>?> metaData)
    {
        if (Find(metaData, Pattern) is not { Length: > 0 } pattern)
        {
            return null;
        }

        var value = new StringBuilder();
        var end = 0;
        foreach (var place in Placeholder().EnumerateMatches(pattern))
        {
            var name = pattern.Substring(place.Index, place.Length)["$tyk_meta.".Length..];
            if (Find(metaData, name) is not { Length: > 0 } member)
            {
                return null;
            }

            value.Append(pattern, end, place.Index - end).Append(member);
            end = place.Index + place.Length;
        }

        // Anything else that Tyk replaces depends on the request and resolves to nothing here.
        var rest = pattern[end..];
        return Unknown().IsMatch(pattern) ? null : "shared:" + Hash($"{org.Length}:{org}{value}{rest}");
    }

    private static string? Find(ReadOnlySpan<IReadOnlyDictionary<string, JsonElement>?> metaData, string name)
    {
        foreach (var part in metaData)
        {
            if (part?.TryGetValue(name, out var member) == true)
            {
                return member.ValueKind switch
                {
                    JsonValueKind.String => member.GetString(),
                    JsonValueKind.Number => member.GetRawText(),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => null,
                };
            }
        }

        return null;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"\$tyk_meta\.[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\$(?:tyk_context\.|secret_)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unknown();
}
