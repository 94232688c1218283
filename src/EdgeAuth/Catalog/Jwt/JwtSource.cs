using System.Text;

namespace EdgeAuth.Catalog.Jwt;

/// <summary>Where the keys of an API's JWTs come from: <c>jwt_source</c> (spec/tyk.md d.3). One of the two is set.</summary>
internal sealed record JwtSource(VerificationKey? Key, Uri? KeySet)
{
    /// <summary>Reads base64 of a secret, of a key in PEM, or of the URL of a JWKS, or that URL itself; null, with the reason, when it is none of them.</summary>
    public static JwtSource? Read(string text, JwtFamily family, out string? reason)
    {
        if (IsAddress(text))
        {
            return ReadAddress(text, family, out reason);
        }

        Span<byte> decoded = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, decoded, out var length))
        {
            reason = "must be the URL of a JWKS, or base64 of a secret, of a key in PEM or of such a URL";
            return null;
        }

        decoded = decoded[..length];
        if (IsAddress(Encoding.UTF8.GetString(decoded)))
        {
            return ReadAddress(Encoding.UTF8.GetString(decoded), family, out reason);
        }

        return VerificationKey.Read(family, decoded, out reason) is { } key ? new JwtSource(key, null) : null;
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    // A set of public keys holds none that could be a shared secret.
    private static JwtSource? ReadAddress(string text, JwtFamily family, out string? reason)
    {
        reason = family == JwtFamily.Hmac ? "is the URL of a JWKS, which has public keys: set jwt_signing_method to rsa or ecdsa"
            : !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Host.Length == 0 ? "must be an absolute URL"
            : url.UserInfo.Length > 0 || url.Fragment.Length > 0 ? "may not have user information or a fragment"
            : null;
        return reason is null ? new JwtSource(null, new Uri(text.Trim())) : null;
    }
}
