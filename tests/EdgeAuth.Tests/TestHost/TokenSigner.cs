using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Signs JWTs by hand, so that what is tested is not what tests it. Makes whatever an attacker would too.</summary>
internal sealed class TokenSigner
{
    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new(StringComparer.Ordinal)
    {
        ["256"] = HashAlgorithmName.SHA256,
        ["384"] = HashAlgorithmName.SHA384,
        ["512"] = HashAlgorithmName.SHA512,
    };

    private readonly RSA? _rsa;
    private readonly ECDsa? _curve;
    private readonly byte[]? _secret;

    private TokenSigner(string algorithm, string? keyId, RSA? rsa = null, ECDsa? curve = null, byte[]? secret = null) =>
        (Algorithm, KeyId, _rsa, _curve, _secret) = (algorithm, keyId, rsa, curve, secret);

    public string Algorithm { get; }

    public string? KeyId { get; }

    /// <summary>A new key of the kind that an algorithm needs.</summary>
    public static TokenSigner New(string algorithm, string? keyId = null) => algorithm[..2] switch
    {
        "HS" => Secret(RandomNumberGenerator.GetBytes(64), algorithm, keyId),
        "ES" => new TokenSigner(algorithm, keyId, curve: ECDsa.Create(CurveOf(algorithm))),
        _ => new TokenSigner(algorithm, keyId, rsa: RSA.Create(2048)),
    };

    public static TokenSigner Secret(byte[] secret, string algorithm = "HS256", string? keyId = null) => new(algorithm, keyId, secret: secret);

    public static TokenSigner Of(RSA key, string algorithm, string? keyId = null) => new(algorithm, keyId, rsa: key);

    /// <summary>The same key under another algorithm or name.</summary>
    public TokenSigner As(string algorithm, string? keyId) => new(algorithm, keyId, _rsa, _curve, _secret);

    /// <summary>What verifies its tokens: the secret, or the public key in PEM.</summary>
    public byte[] Public => _secret ?? Encoding.ASCII.GetBytes(_rsa?.ExportSubjectPublicKeyInfoPem() ?? _curve!.ExportSubjectPublicKeyInfoPem());

    /// <summary><see cref="Public"/> as <c>jwt_source</c> has it.</summary>
    public string Source => Convert.ToBase64String(Public);

    /// <summary>The public key as a member of a JWKS.</summary>
    public JsonObject Jwk()
    {
        var jwk = new JsonObject { ["use"] = "sig" };
        if (KeyId is not null)
        {
            jwk["kid"] = KeyId;
        }

        if (_rsa is not null)
        {
            var key = _rsa.ExportParameters(false);
            (jwk["kty"], jwk["n"], jwk["e"]) = ("RSA", Encode(key.Modulus!), Encode(key.Exponent!));
        }
        else
        {
            var key = _curve!.ExportParameters(false);
            (jwk["kty"], jwk["crv"], jwk["x"], jwk["y"]) = ("EC", Algorithm is "ES512" ? "P-521" : "P-" + Algorithm[2..], Encode(key.Q.X!), Encode(key.Q.Y!));
        }

        return jwk;
    }

    /// <summary>A token with these claims; members of the header may be added or replaced.</summary>
    public string Sign(JsonObject claims, JsonObject? header = null) => Sign(claims.ToJsonString(), header);

    public string Sign(string claims, JsonObject? header = null)
    {
        var head = new JsonObject { ["alg"] = Algorithm, ["typ"] = "JWT" };
        if (KeyId is not null)
        {
            head["kid"] = KeyId;
        }

        foreach (var (name, value) in header ?? [])
        {
            head[name] = value?.DeepClone();
        }

        return SignText(head.ToJsonString(), claims);
    }

    /// <summary>Signs two texts as they are.</summary>
    public string SignText(string header, string claims)
    {
        var content = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{content}.{Encode(SignBytes(Encoding.ASCII.GetBytes(content)))}";
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private byte[] SignBytes(byte[] content)
    {
        var hash = Hashes[Algorithm[2..]];
        return Algorithm[..2] switch
        {
            "HS" => CryptographicOperations.HmacData(hash, _secret!, content),
            "RS" => _rsa!.SignData(content, hash, RSASignaturePadding.Pkcs1),
            "PS" => _rsa!.SignData(content, hash, RSASignaturePadding.Pss),
            _ => _curve!.SignData(content, hash),
        };
    }

    private static ECCurve CurveOf(string algorithm) => algorithm switch
    {
        "ES256" => ECCurve.NamedCurves.nistP256,
        "ES384" => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };
}
