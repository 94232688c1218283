using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeAuth.Enforcement;

/// <summary>Finds the credential of a request (spec/tyk.md d.3). Allocates nothing for a credential in a header.</summary>
internal static class CredentialReader
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>The token or key, or why there is none.</summary>
    public static RefusalReason Read(HttpRequest request, AuthMethod method, out ReadOnlySpan<char> credential)
    {
        credential = default;
        var value = Find(request, method.Source);
        if (string.IsNullOrEmpty(value))
        {
            return RefusalReason.CredentialMissing;
        }

        return method.Mode == AuthMode.OAuth ? ReadBearer(value, out credential) : ReadKey(value, out credential);
    }

    /// <summary>The value that holds the credential: a later source wins over an earlier one, but only when it has a value.</summary>
    public static string? Find(HttpRequest request, CredentialSource source)
    {
        string? found = null;
        if (source.Header is { } header && request.Headers.TryGetValue(header, out var values) && values.Count > 0)
        {
            found = values[0];
        }

        if (source.Query is { } query && FindParameter(request, query) is { Length: > 0 } parameter)
        {
            found = parameter;
        }

        if (source.Cookie is { } cookie && FindCookie(request, cookie) is { Length: > 0 } crumb)
        {
            found = crumb;
        }

        return found;
    }

    private static string? FindParameter(HttpRequest request, string name)
    {
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span.SequenceEqual(name))
            {
                return pair.DecodeValue().ToString();
            }
        }

        return null;
    }

    // The platform's own parser takes no value with a space in it, which "Bearer <token>" has.
    private static string? FindCookie(HttpRequest request, string name)
    {
        foreach (var line in request.Headers.Cookie)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                if (CookiePair.TryGetValue(line.AsSpan()[range], name, out var value))
                {
                    return Uri.UnescapeDataString(value);
                }
            }
        }

        return null;
    }

    // Words are separated by single spaces: the first is the scheme, the second the token, further ones are ignored.
    private static RefusalReason ReadBearer(string value, out ReadOnlySpan<char> token)
    {
        var text = value.AsSpan();
        var space = text.IndexOf(' ');
        token = default;
        if (space < 0)
        {
            return RefusalReason.CredentialMissing;
        }

        if (!text[..space].Equals(BearerPrefix.AsSpan().TrimEnd(), StringComparison.OrdinalIgnoreCase))
        {
            return RefusalReason.CredentialMalformed;
        }

        token = text[(space + 1)..];
        var end = token.IndexOf(' ');
        token = end < 0 ? token : token[..end];
        return RefusalReason.None;
    }

    private static RefusalReason ReadKey(string value, out ReadOnlySpan<char> key)
    {
        key = value.AsSpan();
        if (key.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            key = key[BearerPrefix.Length..];
        }

        return RefusalReason.None;
    }
}
