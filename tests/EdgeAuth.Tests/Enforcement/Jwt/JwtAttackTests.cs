using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>What attackers make of JWTs: nothing of it reaches an upstream (RFC 8725).</summary>
public sealed class JwtAttackTests(JwtAttackTests.Gateways shared) : IClassFixture<JwtAttackTests.Gateways>
{
    private const string Unexpected = "Key not authorized: Unexpected signing method";
    private const string NotAuthorized = "Key not authorized";

    private static string Claims => JwtApis.Claims().ToJsonString();

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    [InlineData("rs256")]
    [InlineData("RS256 ")]
    [InlineData("RS1")]
    [InlineData("RS256\\u0000")]
    [InlineData("HS256")]
    [InlineData("ES256")]
    [InlineData("EdDSA")]
    public async Task Algorithm_IsRefused_UnlessItIsOneOfTheApis(string algorithm)
    {
        var head = $$"""{"alg":"{{algorithm}}","kid":"one"}""";
        foreach (var token in new[] { Unsigned(head, Claims), Unsigned(head, Claims) + "AAAA", shared.Signer.SignText(head, Claims) })
        {
            await ShouldBeRefusedAsync(token, Unexpected);
        }
    }

    // The public key is known to everybody; taken for a shared secret, it would let everybody sign.
    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task PublicKey_IsNotTakenAsASharedSecret(string algorithm)
    {
        foreach (var secret in new[] { shared.Signer.Public, Encoding.ASCII.GetBytes(shared.Signer.Jwk().ToJsonString()), Encoding.ASCII.GetBytes(shared.Signer.Source) })
        {
            await ShouldBeRefusedAsync(TokenSigner.Secret(secret, algorithm, "one").Sign(Claims), Unexpected);
        }
    }

    [Theory]
    [InlineData("""{"alg":"RS256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"RS256","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"RS256","b64":false}""")]
    [InlineData("""{"alg":"RS256","crit":[]}""")]
    [InlineData("""{"alg":"RS256","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"RS256","zip":"DEF"}""")]
    [InlineData("""{"alg":"RS256","alg":"RS256"}""")]
    [InlineData("""{"alg":"none","alg":"RS256"}""")]
    [InlineData("""{"alg":["RS256"]}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"kid":"one"}""")]
    [InlineData("""{"alg":"RS256","kid":1}""")]
    [InlineData("""{"alg":"RS256","kid":["one"]}""")]
    [InlineData("""{"alg":"RS256","kid":"\ud800"}""")]
    [InlineData("""["RS256"]""")]
    [InlineData("""{'alg':'RS256'}""")]
    [InlineData("""{"alg":"RS256"} {}""")]
    [InlineData("")]
    public async Task Header_IsRefused_WhenItAsksForMoreOrSaysTwoThings(string header) =>
        await ShouldBeRefusedAsync(shared.Signer.SignText(header, Claims), NotAuthorized);

    [Theory]
    [InlineData("""{"sub":"ann","sub":"root"}""")]
    [InlineData("""{"sub":"ann","exp":1777640000,"exp":1}""")]
    [InlineData("""["ann"]""")]
    [InlineData("\"ann\"")]
    [InlineData("ann")]
    [InlineData("")]
    [InlineData("""{"sub":"\ud800"}""")]
    public async Task Claims_AreRefused_WhenTheyAreNoObjectOrSayTwoThings(string claims) =>
        await ShouldBeRefusedAsync(shared.Signer.SignText("""{"alg":"RS256","kid":"one"}""", claims), NotAuthorized);

    // The keys that a header brings along or points to are the attacker's own.
    [Fact]
    public async Task HeaderKeys_AreNeverLookedAt()
    {
        var own = TokenSigner.New("RS256", "one");
        await using var evil = await KeySetServer.StartAsync(own);

        await ShouldBeRefusedAsync(own.Sign(Claims, new JsonObject { ["jku"] = evil.Url, ["x5u"] = evil.Url, ["jwk"] = own.Jwk() }), NotAuthorized);
        await ShouldBeRefusedAsync(own.As("RS256", "two").Sign(Claims, new JsonObject { ["jku"] = evil.Url, ["jwk"] = own.Jwk() }), NotAuthorized);
        Assert.Equal(0, evil.Asked);

        // Beside a signature that is right they do no harm.
        (await shared.Gateway.CallAsync("/jwt/x", shared.Signer.Sign(Claims, new JsonObject { ["jku"] = evil.Url }))).ShouldBe(200);
        Assert.Equal(0, evil.Asked);
    }

    [Fact]
    public async Task Encrypted_IsRefused_NestedOrNot()
    {
        var inner = shared.Signer.Sign(Claims);
        var head = TokenSigner.Encode("""{"alg":"RSA-OAEP","enc":"A256GCM","cty":"JWT"}"""u8.ToArray());
        var body = TokenSigner.Encode(Encoding.ASCII.GetBytes(inner));

        foreach (var token in new[] { $"{head}.AAAA.AAAA.{body}.AAAA", $"{head}..AAAA.{body}.AAAA", shared.Signer.SignText("""{"alg":"RS256","cty":"JWT"}""", inner) })
        {
            await ShouldBeRefusedAsync(token, NotAuthorized);
        }
    }

    [Theory]
    [InlineData("iss", "\"https://evil.example\"")]
    [InlineData("iss", "\"https://issuer.example/\"")]
    [InlineData("iss", "\"HTTPS://ISSUER.EXAMPLE\"")]
    [InlineData("iss", "\"\"")]
    [InlineData("iss", "[\"https://issuer.example\"]")]
    [InlineData("iss", null)]
    [InlineData("aud", "\"evil\"")]
    [InlineData("aud", "\"orders/\"")]
    [InlineData("aud", "\"Orders\"")]
    [InlineData("aud", "[]")]
    [InlineData("aud", "{\"orders\":1}")]
    [InlineData("aud", null)]
    public async Task IssuerAndAudience_MustBeAmongTheAllowed(string claim, string? value)
    {
        var claims = JwtApis.Claims(more: """{"iss":"https://issuer.example","aud":["x","orders"]}""");
        (await shared.Gateway.CallAsync("/strict/x", shared.Signer.Sign(claims))).ShouldBe(200);
        shared.Gateway.Upstream.Requests.Clear();
        claims[claim] = value is null ? null : JsonNode.Parse(value);
        if (value is null)
        {
            claims.Remove(claim);
        }

        (await shared.Gateway.CallAsync("/strict/x", shared.Signer.Sign(claims))).ShouldBeRefused(401, "credential_unknown");
        Assert.Empty(shared.Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("{0}.{1}")]
    [InlineData("{0}.{1}.")]
    [InlineData("{0}.{1}.{2}.")]
    [InlineData(".{1}.{2}")]
    [InlineData("{0}..{2}")]
    [InlineData("{0}.{1}.{2}=")]
    [InlineData("{0}=.{1}.{2}")]
    [InlineData("{0}.{1}.{2}AAAA")]
    [InlineData("{0}.{1}. {2}")]
    [InlineData("{0} .{1}.{2}")]
    [InlineData("Bearer {0}.{1}.{2}")]
    [InlineData("{0},{1},{2}")]
    [InlineData("..")]
    [InlineData("...")]
    public async Task Shape_MustBeOfThreeSegments(string shape)
    {
        var parts = shared.Signer.Sign(Claims).Split('.');

        var token = string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, parts);
        await ShouldBeRefusedAsync(token, NotAuthorized);
    }

    [Fact]
    public async Task Oversized_IsRefused_WithoutALook()
    {
        var claims = JwtApis.Claims();
        claims["pad"] = new string('x', 11_000);
        (await shared.Gateway.CallAsync("/jwt/x", shared.Signer.Sign(claims))).ShouldBe(200);

        claims["pad"] = new string('x', 13_000);
        await ShouldBeRefusedAsync(shared.Signer.Sign(claims), NotAuthorized);
    }

    [Fact]
    public async Task DeepClaims_AreRefused()
    {
        var claims = $$"""{"sub":"ann","x":{{new string('[', 500)}}{{new string(']', 500)}}}""";

        await ShouldBeRefusedAsync(shared.Signer.Sign(claims), NotAuthorized);
    }

    // Whatever single character of a good token changes, it is another token.
    [Fact]
    public Task ChangedToken_IsNeverTaken()
    {
        var token = shared.Signer.Sign(Claims);
        var signature = token.LastIndexOf('.');
        var change = from at in Gen.Choose(0, signature - 1)
                     from letter in Gen.Elements("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~".ToCharArray())
                     where token[at] != letter
                     select token[..at] + letter + token[(at + 1)..];
        return Properties.HoldsAsync(change, 100, async changed =>
        {
            var answer = await shared.Gateway.CallAsync("/jwt/x", changed);
            Assert.InRange(answer.Status, 400, 403);
        });
    }

    private static string Unsigned(string header, string claims) =>
        $"{TokenSigner.Encode(Encoding.UTF8.GetBytes(header))}.{TokenSigner.Encode(Encoding.UTF8.GetBytes(claims))}.";

    private async Task ShouldBeRefusedAsync(string token, string message)
    {
        shared.Gateway.Upstream.Requests.Clear();
        (await shared.Gateway.CallAsync("/old/x", token)).ShouldBeTykRefusal(403, message);
        var answer = (await shared.Gateway.CallAsync("/jwt/x", token)).ShouldBe(401);
        Assert.Contains(answer.Text("code"), new[] { "credential_malformed", "credential_unknown" });
        Assert.DoesNotContain(token, answer.Body, StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"jwt API\", error=\"invalid_token\"", answer.Header("WWW-Authenticate"));
        Assert.Empty(shared.Gateway.Upstream.Requests);
    }

    /// <summary>A gateway over a key in PEM, with an API "strict" that looks at issuer and audience.</summary>
    public sealed class Gateways : GatewayFixture
    {
        internal TokenSigner Signer { get; } = TokenSigner.New("RS256", "one");

        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            upstream =>
            [
                JwtApis.Api("jwt", upstream, "rsa", Signer.Source),
                JwtApis.Api("old", upstream, "rsa", Signer.Source).With("errors", "tyk"),
                JwtApis.Api("strict", upstream, "rsa", Signer.Source).With("jwt_allowed_issuers", new[] { "https://issuer.example", "b" }).With("jwt_allowed_audiences", new[] { "orders" }),
            ],
            static setup =>
            {
                JwtApis.Policies(setup);
                setup.Policy("gold", Definitions.Policy(["jwt", "old", "strict"]));
            });
    }
}
