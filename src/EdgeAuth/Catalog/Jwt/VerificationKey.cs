using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeAuth.Catalog.Jwt;

/// <summary>A key that verifies signatures: a shared secret, or the public half of an RSA or elliptic curve key. It prints nothing of itself.</summary>
internal sealed class VerificationKey
{
    /// <summary>Shorter secrets can be guessed, and the library refuses them.</summary>
    public const int ShortestSecret = 16;

    private const int SmallestRsa = 1024;

    private VerificationKey(JwtFamily family) => Family = family;

    public JwtFamily Family { get; }

    /// <summary>The name that a token's header gives it; null for one without.</summary>
    public string? Id { get; private init; }

    /// <summary>The only algorithm it is for; null when its family decides.</summary>
    public string? Algorithm { get; private init; }

    public byte[]? Secret { get; private init; }

    public RSAParameters? Rsa { get; private init; }

    public ECParameters? Curve { get; private init; }

    /// <summary>A key of a family from its text: the bytes of a secret, or a public key or certificate in PEM. Null, with the reason, when it is none.</summary>
    public static VerificationKey? Read(JwtFamily family, ReadOnlySpan<byte> text, out string? reason)
    {
        if (family == JwtFamily.Hmac)
        {
            reason = text.IndexOf("-----BEGIN "u8) >= 0 ? "is a key in PEM: as a shared secret, whoever knows the public key could sign; set jwt_signing_method to rsa or ecdsa"
                : text.Length < ShortestSecret ? $"must be at least {ShortestSecret} bytes long"
                : null;
            return reason is null ? new VerificationKey(family) { Secret = text.ToArray() } : null;
        }

        try
        {
            var pem = Encoding.UTF8.GetString(text);
            var key = family == JwtFamily.Rsa ? ReadRsa(pem) : ReadCurve(pem);
            reason = key is null ? "must be a key that algorithms of jwt_signing_method can use" : null;
            return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            reason = $"must be a public key or certificate of the kind {(family == JwtFamily.Rsa ? "RSA" : "EC")} in PEM";
            return null;
        }
    }

    /// <summary>Null when it is too small to be used.</summary>
    public static VerificationKey? Of(RSAParameters key, string? id, string? algorithm) =>
        key.Modulus is { Length: >= SmallestRsa / 8 } && key.Exponent is { Length: > 0 }
            ? new VerificationKey(JwtFamily.Rsa) { Rsa = new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent }, Id = id, Algorithm = algorithm }
            : null;

    /// <summary>Null for a curve that no algorithm uses.</summary>
    public static VerificationKey? Of(ECParameters key, string? id, string? algorithm) =>
        AlgorithmOf(key.Curve) is { } own && string.Equals(algorithm ?? own, own, StringComparison.Ordinal)
            ? new VerificationKey(JwtFamily.Ecdsa) { Curve = new ECParameters { Curve = key.Curve, Q = key.Q }, Id = id, Algorithm = own }
            : null;

    /// <summary>True when a token of an algorithm may be tried with it.</summary>
    public bool Fits(string algorithm) => Algorithm is null ? JwtAlgorithms.Has(Family, algorithm) : string.Equals(Algorithm, algorithm, StringComparison.Ordinal);

    /// <summary>True for the same key under the same name.</summary>
    public bool IsSame(VerificationKey other) =>
        Family == other.Family
        && string.Equals(Id, other.Id, StringComparison.Ordinal)
        && string.Equals(Algorithm, other.Algorithm, StringComparison.Ordinal)
        && (Secret ?? []).AsSpan().SequenceEqual(other.Secret)
        && (Rsa?.Modulus ?? []).AsSpan().SequenceEqual(other.Rsa?.Modulus)
        && (Rsa?.Exponent ?? []).AsSpan().SequenceEqual(other.Rsa?.Exponent)
        && (Curve?.Q.X ?? []).AsSpan().SequenceEqual(other.Curve?.Q.X)
        && (Curve?.Q.Y ?? []).AsSpan().SequenceEqual(other.Curve?.Q.Y);

    private static VerificationKey? ReadRsa(string pem)
    {
        using var certificate = ReadCertificate(pem);
        using var rsa = certificate is null ? RSA.Create() : certificate.GetRSAPublicKey();
        if (certificate is null)
        {
            rsa!.ImportFromPem(pem);
        }

        return rsa is null ? null : Of(rsa.ExportParameters(includePrivateParameters: false), id: null, algorithm: null);
    }

    private static VerificationKey? ReadCurve(string pem)
    {
        using var certificate = ReadCertificate(pem);
        using var curve = certificate is null ? ECDsa.Create() : certificate.GetECDsaPublicKey();
        if (certificate is null)
        {
            curve!.ImportFromPem(pem);
        }

        return curve is null ? null : Of(curve.ExportParameters(includePrivateParameters: false), id: null, algorithm: null);
    }

    private static X509Certificate2? ReadCertificate(string pem) =>
        pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal) ? X509Certificate2.CreateFromPem(pem) : null;

    private static string? AlgorithmOf(ECCurve curve) => curve.Oid?.Value switch
    {
        "1.2.840.10045.3.1.7" => "ES256",
        "1.3.132.0.34" => "ES384",
        "1.3.132.0.35" => "ES512",
        _ => null,
    };
}
