using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>Every algorithm of every family, from every kind of source (spec d.3; RFC 7518 section 3.1).</summary>
public sealed class JwtAlgorithmTests
{
    [Theory]
    [InlineData("HS256", "hmac")]
    [InlineData("HS384", "hmac")]
    [InlineData("HS512", "hmac")]
    [InlineData("HS256", "")]
    [InlineData("HS256", "other")]
    [InlineData("RS256", "rsa")]
    [InlineData("RS384", "rsa")]
    [InlineData("RS512", "rsa")]
    [InlineData("PS256", "rsa")]
    [InlineData("PS384", "rsa")]
    [InlineData("PS512", "rsa")]
    [InlineData("ES256", "ecdsa")]
    [InlineData("ES384", "ecdsa")]
    [InlineData("ES512", "ecdsa")]
    public async Task Token_IsTaken_WithTheKeyOfTheDefinition(string algorithm, string method)
    {
        var signer = TokenSigner.New(algorithm);
        await using var gateway = await JwtApis.StartAsync(method, signer.Source);

        (await gateway.CallAsync("/jwt/x", signer.Sign(JwtApis.Claims()))).ShouldBe(200);
        (await gateway.CallAsync("/jwt/x", TokenSigner.New(algorithm).Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
    }

    [Theory]
    [InlineData("RS256", "rsa", false)]
    [InlineData("PS512", "rsa", true)]
    [InlineData("ES256", "ecdsa", false)]
    [InlineData("ES384", "ecdsa", true)]
    [InlineData("ES512", "ecdsa", false)]
    public async Task Token_IsTaken_WithAKeyOfAJwks(string algorithm, string method, bool encoded)
    {
        var signer = TokenSigner.New(algorithm, "one");
        await using var keys = await KeySetServer.StartAsync(TokenSigner.New("RS256", "other"), signer, TokenSigner.New("ES256", "third"));
        await using var gateway = await JwtApis.StartAsync(method, encoded ? Convert.ToBase64String(Encoding.ASCII.GetBytes(keys.Url)) : keys.Url);

        (await gateway.CallAsync("/jwt/x", signer.Sign(JwtApis.Claims()))).ShouldBe(200);
        (await gateway.CallAsync("/jwt/x", TokenSigner.New(algorithm, "one").Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_IsTaken_WithACertificate(bool published)
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=issuer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        var signer = TokenSigner.Of(rsa, "RS256", "c");
        await using var keys = await KeySetServer.StartAsync();
        keys.Document = new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["kid"] = "c", ["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData)) }),
        }.ToJsonString();
        await using var gateway = await JwtApis.StartAsync("rsa", published ? keys.Url : Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())));

        (await gateway.CallAsync("/jwt/x", signer.Sign(JwtApis.Claims()))).ShouldBe(200);
    }

    [Fact]
    public async Task Token_NeedNotNameItsKey_NorAPublishedKeyBeNamed()
    {
        var named = TokenSigner.New("RS256", "one");
        var nameless = TokenSigner.New("RS256");
        await using var keys = await KeySetServer.StartAsync(TokenSigner.New("RS256", "zero"), named, nameless);
        await using var gateway = await JwtApis.StartAsync("rsa", keys.Url);

        (await gateway.CallAsync("/jwt/x", named.As("RS256", null).Sign(JwtApis.Claims()))).ShouldBe(200);
        (await gateway.CallAsync("/jwt/x", nameless.Sign(JwtApis.Claims()))).ShouldBe(200);
        (await gateway.CallAsync("/jwt/x", nameless.As("RS256", "any").Sign(JwtApis.Claims()))).ShouldBe(200);
    }

    // What a key is published for is all it is taken for, and a shared secret that is published is none.
    [Theory]
    [InlineData("""{"alg":"RS512"}""")]
    [InlineData("""{"alg":"RSA-OAEP"}""")]
    [InlineData("""{"use":"enc"}""")]
    [InlineData("""{"key_ops":["encrypt"]}""")]
    [InlineData("""{"kty":"oct"}""")]
    [InlineData("""{"e":"!"}""")]
    public async Task PublishedKey_IsNotTaken_ForWhatItIsNotFor(string change)
    {
        var signer = TokenSigner.New("RS256", "one");
        var jwk = signer.Jwk();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            jwk[name] = value!.DeepClone();
        }

        await using var keys = await KeySetServer.StartAsync();
        keys.Document = new JsonObject { ["keys"] = new JsonArray(jwk, 7, TokenSigner.New("RS256", "two").Jwk()) }.ToJsonString();
        await using var gateway = await JwtApis.StartAsync("rsa", keys.Url);

        (await gateway.CallAsync("/jwt/x", signer.Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
    }
}
