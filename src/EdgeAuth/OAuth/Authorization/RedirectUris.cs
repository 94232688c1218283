using System.Text;
using System.Web;
using EdgeAuth.Catalog;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeAuth.OAuth.Authorization;

/// <summary>Matches redirect URIs against the registered ones and puts answers onto them (spec/tyk.md b.6, j.12).</summary>
internal static class RedirectUris
{
    /// <summary>The registered URIs, in their order.</summary>
    public static string[] Registered(string value, RealmSettings realm) =>
        realm.RedirectUriSeparator.Length == 0
            ? value.Length == 0 ? [] : [value]
            : value.Split(realm.RedirectUriSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// True when scheme, host and port are the same without regard to case, and any user exactly, and the path begins with the registered one, whole segments.
    /// Queries do not count; fragments, dot segments and encoded slashes are refused.
    /// </summary>
    public static bool Matches(string candidate, string registered) =>
        Parts.TryParse(candidate, out var left) && Parts.TryParse(registered, out var right)
        && string.Equals(left.Scheme, right.Scheme, StringComparison.OrdinalIgnoreCase)
        && string.Equals(left.User, right.User, StringComparison.Ordinal)
        && string.Equals(left.Host, right.Host, StringComparison.OrdinalIgnoreCase)
        && IsBelow(left.Path, right.Path);

    /// <summary>Adds parameters to the query, those already there kept, all sorted by name.</summary>
    public static string WithQuery(string uri, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var (start, existing) = Split(uri);
        var all = QueryHelpers.ParseQuery(existing).SelectMany(static pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? ""))).ToList();
        foreach (var (name, value) in parameters)
        {
            all.RemoveAll(pair => string.Equals(pair.Key, name, StringComparison.Ordinal));
            all.Add(KeyValuePair.Create(name, value));
        }

        var query = all.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => $"{HttpUtility.UrlEncode(pair.Key)}={HttpUtility.UrlEncode(pair.Value)}");
        return start + "?" + string.Join('&', query);
    }

    /// <summary>Adds parameters as the fragment, sorted by name. Only what would end a value is encoded (spec/tyk.md a.3).</summary>
    public static string WithFragment(string uri, IEnumerable<KeyValuePair<string, string>> parameters) =>
        uri + "#" + string.Join('&', parameters.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={EncodeFragment(pair.Value)}"));

    private static (string Start, string Query) Split(string uri)
    {
        var question = uri.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? (uri, "") : (uri[..question], uri[question..]);
    }

    private static bool IsBelow(string path, string registered) =>
        path.StartsWith(registered, StringComparison.Ordinal)
        && (path.Length == registered.Length || registered.Length == 0 || registered[^1] == '/' || path[registered.Length] == '/');

    private static string EncodeFragment(string value)
    {
        var encoded = new StringBuilder(value.Length);
        foreach (var unit in Encoding.UTF8.GetBytes(value))
        {
            if (unit is > 0x20 and < 0x7F and not ((byte)'&' or (byte)'#' or (byte)'+' or (byte)'%'))
            {
                encoded.Append((char)unit);
            }
            else
            {
                encoded.Append('%').Append(unit.ToString("X2"));
            }
        }

        return encoded.ToString();
    }

    // The texts as they stand: a parser that normalises would hide what is to be refused.
    private readonly record struct Parts(string Scheme, string User, string Host, string Path)
    {
        public static bool TryParse(string uri, out Parts parts)
        {
            parts = default;
            var colon = uri.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || uri.Any(static letter => letter <= ' ' || letter is '\\' or '#' or (char)0x7F) || !uri[..colon].All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '-' or '.'))
            {
                return false;
            }

            var rest = Split(uri[(colon + 1)..]).Start;
            var authority = "";
            if (rest.StartsWith("//", StringComparison.Ordinal))
            {
                rest = rest[2..];
                var slash = rest.IndexOf('/', StringComparison.Ordinal);
                authority = slash < 0 ? rest : rest[..slash];
                rest = slash < 0 ? "" : rest[slash..];
                if (authority.Length == 0)
                {
                    return false;
                }
            }

            if (rest.Contains("%2f", StringComparison.OrdinalIgnoreCase) || rest.Contains("%5c", StringComparison.OrdinalIgnoreCase) || rest.Split('/').Any(IsDotSegment))
            {
                return false;
            }

            var host = authority.LastIndexOf('@') + 1;
            parts = new Parts(uri[..colon], authority[..host], authority[host..], rest);
            return true;
        }

        private static bool IsDotSegment(string segment) =>
            segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..";
    }
}
