using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeAuth.Catalog.Jwt;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>
/// Reads the public signing keys of a JWKS (RFC 7517). Keys for encryption and shared secrets are left out: what is published is no secret.
/// </summary>
internal static class JwksReader
{
    private const int MostKeys = 100;

    /// <summary>The keys that can be used; null when the document is no JWKS.</summary>
    public static IReadOnlyList<VerificationKey>? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("keys", out var keys)
                && keys.ValueKind == JsonValueKind.Array
                ? [.. keys.EnumerateArray().Take(MostKeys).Select(ReadKey).OfType<VerificationKey>()]
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static VerificationKey? ReadKey(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || (Text(key, "use") ?? "sig") is not "sig" || !MayVerify(key))
        {
            return null;
        }

        var (id, algorithm) = (Text(key, "kid"), Text(key, "alg"));
        try
        {
            return Text(key, "kty") switch
            {
                "RSA" when algorithm is null || JwtAlgorithms.Has(JwtFamily.Rsa, algorithm) => ReadRsa(key, id, algorithm),
                "EC" when algorithm is null || JwtAlgorithms.Has(JwtFamily.Ecdsa, algorithm) => ReadCurve(key, id, algorithm),
                _ => null,
            };
        }
        catch (Exception error) when (error is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static VerificationKey? ReadRsa(JsonElement key, string? id, string? algorithm)
    {
        if (Bytes(key, "n") is { } modulus && Bytes(key, "e") is { } exponent)
        {
            return VerificationKey.Of(new RSAParameters { Modulus = modulus, Exponent = exponent }, id, algorithm);
        }

        using var certificate = Certificate(key);
        using var rsa = certificate?.GetRSAPublicKey();
        return rsa is null ? null : VerificationKey.Of(rsa.ExportParameters(includePrivateParameters: false), id, algorithm);
    }

    private static VerificationKey? ReadCurve(JsonElement key, string? id, string? algorithm)
    {
        ECCurve? named = Text(key, "crv") switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        if (named is not { } curve || Bytes(key, "x") is not { } x || Bytes(key, "y") is not { } y)
        {
            return null;
        }

        var parameters = new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } };
        parameters.Validate();

        // A point that is not on the curve is found out here, not with the first token.
        using (ECDsa.Create(parameters))
        {
            return VerificationKey.Of(parameters, id, algorithm);
        }
    }

    private static X509Certificate2? Certificate(JsonElement key) =>
        key.TryGetProperty("x5c", out var chain) && chain.ValueKind == JsonValueKind.Array && chain.GetArrayLength() > 0 && chain[0].ValueKind == JsonValueKind.String
            ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(chain[0].GetString()!))
            : null;

    private static bool MayVerify(JsonElement key) =>
        !key.TryGetProperty("key_ops", out var uses)
        || (uses.ValueKind == JsonValueKind.Array && uses.EnumerateArray().Any(static use => use.ValueKind == JsonValueKind.String && use.ValueEquals("verify"u8)));

    private static byte[]? Bytes(JsonElement key, string name) => Text(key, name) is { } text ? Base64Url.DecodeFromChars(text) : null;

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
