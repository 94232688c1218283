using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>What a service presents by HTTP Basic. Its secret stays out of what is printed.</summary>
internal sealed class AuthleteCredentials
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private AuthleteCredentials(string key, string secret) => (Key, Secret) = (key, secret);

    /// <summary>The API key.</summary>
    public string Key { get; }

    /// <summary>The API secret.</summary>
    public string Secret { get; }

    /// <summary>Reads the field <c>Authorization</c>; false when it is not one that can be read.</summary>
    public static bool TryRead(StringValues authorization, [NotNullWhen(true)] out AuthleteCredentials? credentials)
    {
        credentials = null;
        if (authorization is not [{ } value] || !AuthenticationHeaderValue.TryParse(value, out var header)
            || !string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is not { Length: > 0 } encoded)
        {
            return false;
        }

        string text;
        try
        {
            text = Strict.GetString(Convert.FromBase64String(encoded));
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException)
        {
            return false;
        }

        // A secret may have colons in it, a key may not.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        credentials = new AuthleteCredentials(text[..colon], text[(colon + 1)..]);
        return true;
    }
}
