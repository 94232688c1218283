using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>Every algorithm of every family, from every kind of source (spec d.3; RFC 7518 section 3.1).</summary>
public sealed class JwtAlgorithmTests(JwtAlgorithmTests.Gateways shared) : IClassFixture<JwtAlgorithmTests.Gateways>
{
    private static readonly string[] Names = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static TheoryData<string> All => [.. Names];

    public static TheoryData<string> Published => [.. Names.Where(static name => name[0] != 'H')];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Token_IsTaken_WithTheKeyOfTheDefinition(string algorithm)
    {
        (await shared.Gateway.CallAsync($"/own-{algorithm}/x", shared.Signers[algorithm].Sign(JwtApis.Claims()))).ShouldBe(200);
        (await shared.Gateway.CallAsync($"/own-{algorithm}/x", TokenSigner.New(algorithm).Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
    }

    // One set for all APIs: each takes the keys of its family only.
    [Theory]
    [MemberData(nameof(Published))]
    public async Task Token_IsTaken_WithAKeyOfAJwks(string algorithm)
    {
        foreach (var api in new[] { "set-" + algorithm[0], "encoded-" + algorithm[0] })
        {
            (await shared.Gateway.CallAsync($"/{api}/x", shared.Signers[algorithm].Sign(JwtApis.Claims()))).ShouldBe(200);
            (await shared.Gateway.CallAsync($"/{api}/x", TokenSigner.New(algorithm, algorithm).Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("other")]
    [InlineData("HMAC")]
    public async Task Method_IsHmac_WhenItIsEmptyOrUnknown(string method)
    {
        await using var gateway = await JwtApis.StartAsync(method, shared.Signers["HS256"].Source);

        (await gateway.CallAsync("/jwt/x", shared.Signers["HS256"].Sign(JwtApis.Claims()))).ShouldBe(200);
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
        var nameless = TokenSigner.New("ES256");
        await using var keys = await KeySetServer.StartAsync(TokenSigner.New("ES256", "zero"), shared.Signers["ES256"], nameless);
        await using var gateway = await JwtApis.StartAsync("ecdsa", keys.Url);

        (await gateway.CallAsync("/jwt/x", shared.Signers["ES256"].As("ES256", null).Sign(JwtApis.Claims()))).ShouldBe(200);
        (await gateway.CallAsync("/jwt/x", nameless.Sign(JwtApis.Claims()))).ShouldBe(200);
        (await gateway.CallAsync("/jwt/x", nameless.As("ES256", "any").Sign(JwtApis.Claims()))).ShouldBe(200);
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
        var jwk = shared.Signers["RS256"].Jwk();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            jwk[name] = value!.DeepClone();
        }

        await using var keys = await KeySetServer.StartAsync();
        keys.Document = new JsonObject { ["keys"] = new JsonArray(jwk, 7, shared.Signers["RS384"].Jwk()) }.ToJsonString();
        await using var gateway = await JwtApis.StartAsync("rsa", keys.Url);

        (await gateway.CallAsync("/jwt/x", shared.Signers["RS256"].Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
        (await gateway.CallAsync("/jwt/x", shared.Signers["RS384"].Sign(JwtApis.Claims()))).ShouldBe(200);
    }

    /// <summary>A key of each algorithm, an API for each, and two for each family over a set of all that can be published.</summary>
    public sealed class Gateways : IAsyncLifetime
    {
        private KeySetServer _keys = null!;

        internal Dictionary<string, TokenSigner> Signers { get; } = Names.ToDictionary(static name => name, static name => TokenSigner.New(name, name), StringComparer.Ordinal);

        internal TestGateway Gateway { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _keys = await KeySetServer.StartAsync([.. Signers.Values.Where(static signer => signer.Algorithm[0] != 'H')]);
            var sets = "RPE".SelectMany(family => new[] { ("set-" + family, _keys.Url), ("encoded-" + family, Convert.ToBase64String(Encoding.ASCII.GetBytes(_keys.Url))) });
            var apis = Names.Select(name => ("own-" + name, Signers[name].Source)).Concat(sets).ToList();
            Gateway = await TestGateway.StartAsync(
                upstream => apis.Select(api => JwtApis.Api(api.Item1, upstream, MethodOf(api.Item1.Split('-')[1][0]), api.Item2)),
                setup => setup.Policy("gold", Definitions.Policy(apis.Select(static api => api.Item1))));
        }

        public async Task DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await _keys.DisposeAsync();
        }

        private static string MethodOf(char family) => family switch
        {
            'H' => "hmac",
            'E' => "ecdsa",
            _ => "rsa",
        };
    }
}
