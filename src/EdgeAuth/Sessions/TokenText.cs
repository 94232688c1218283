using System.Security.Cryptography;
using System.Text;

namespace EdgeAuth.Sessions;

/// <summary>Random texts in the shapes that Tyk gives them, each with 128 random bits (spec/tyk.md a.4, b.5).</summary>
internal static class TokenText
{
    private const int HexDigits = 32;

    /// <summary>32 hexadecimal digits: an id, or a key behind the organisation's id.</summary>
    public static string Hex() => RandomNumberGenerator.GetHexString(HexDigits, lowercase: true);

    /// <summary>48 characters of base64 without <c>/</c>, <c>+</c> or <c>=</c>: a code, a refresh token or a client secret.</summary>
    public static string Opaque()
    {
        var hex = Hex();
        return Convert.ToBase64String(Encoding.ASCII.GetBytes($"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}"));
    }
}
