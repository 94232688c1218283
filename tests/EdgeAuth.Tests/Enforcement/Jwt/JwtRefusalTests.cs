using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>Every refusal of a JWT in both styles, and the claims that decide (spec d.3, j.9).</summary>
public sealed class JwtRefusalTests(JwtRefusalTests.Gateways shared) : IClassFixture<JwtRefusalTests.Gateways>
{
    private TestGateway Gateway => shared.Gateway;

    /// <summary>Claims, rfc status, code, tyk status, Tyk's wording.</summary>
    public static TheoryData<string, int, string, int, string> Refusals => new()
    {
        { """{"exp":1777636799}""", 401, "credential_expired", 401, "Key not authorized: token has expired" },
        { """{"exp":1777636800}""", 401, "credential_expired", 401, "Key not authorized: token has expired" },
        { """{"exp":0}""", 401, "credential_expired", 401, "Key not authorized: token has expired" },
        { """{"exp":-1.5e300}""", 401, "credential_expired", 401, "Key not authorized: token has expired" },
        { """{"exp":1,"nbf":9999999999,"iat":9999999999}""", 401, "credential_expired", 401, "Key not authorized: token has expired" },
        { """{"iat":1777636801,"nbf":1777636801}""", 401, "credential_unknown", 401, "Key not authorized: token used before issued" },
        { """{"nbf":1777636801}""", 401, "credential_unknown", 401, "Key not authorized: token is not valid yet" },
        { """{"exp":"1777639999"}""", 401, "credential_malformed", 403, "Key not authorized" },
        { """{"exp":null}""", 401, "credential_malformed", 403, "Key not authorized" },
        { """{"nbf":[1]}""", 401, "credential_malformed", 403, "Key not authorized" },
        { """{"iat":true}""", 401, "credential_malformed", 403, "Key not authorized" },
        { """{"sub":""}""", 401, "credential_unknown", 403, "Key not authorized" },
        { """{"sub":7}""", 401, "credential_unknown", 403, "Key not authorized" },
        { """{"sub":null}""", 401, "credential_unknown", 403, "Key not authorized" },
        { """{"pol":"nobody's"}""", 403, "api_forbidden", 403, "key not authorized: no matching policy" },
        { """{"pol":"foreign"}""", 403, "api_forbidden", 403, "key not authorized: no matching policy" },
        { """{"pol":"elsewhere"}""", 403, "api_forbidden", 403, "Access to this API has been disallowed" },
        { """{"sub":"switched off","pol":"off"}""", 403, "key_inactive", 403, "Key is inactive, please renew" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Claims_AreRefused_InBothStyles(string claims, int status, string code, int tykStatus, string message)
    {
        var token = shared.Signer.Sign(JwtApis.Claims(more: claims));

        // The second time the verdict is remembered.
        for (var i = 0; i < 2; i++)
        {
            var answer = (await Gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(status, code);
            Assert.Equal(message, answer.Text("error"));
            Assert.Equal(status == 401, answer.Header("WWW-Authenticate") is not null);
            (await Gateway.CallAsync("/old/x", token)).ShouldBeTykRefusal(tykStatus, message);
        }

        Assert.Empty(Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("""{"exp":1777636801}""")]
    [InlineData("""{"exp":1777636800.5}""")]
    [InlineData("""{"exp":1e300}""")]
    [InlineData("""{"exp":4102444800}""")]
    [InlineData("""{"iat":1777636800,"nbf":1777636800}""")]
    [InlineData("""{"iat":-5,"nbf":0}""")]
    public async Task Claims_AreTaken_WithinTheirTime(string claims) =>
        (await shared.Taking.CallAsync("/jwt/x", shared.Signer.Sign(JwtApis.Claims(more: claims)))).ShouldBe(200);

    [Fact]
    public async Task Token_NeedsNoExpiry()
    {
        var token = shared.Signer.Sign("""{"sub":"eternal"}""");

        (await shared.Taking.CallAsync("/jwt/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Skews_WidenEachOfTheTimes()
    {
        await using var gateway = await JwtApis.StartAsync("hmac", shared.Signer.Source, static definition =>
        {
            definition["jwt_expires_at_validation_skew"] = 30;
            definition["jwt_not_before_validation_skew"] = 20;
            definition["jwt_issued_at_validation_skew"] = 10;
        });

        foreach (var (claim, taken, refused, words) in new[]
        {
            ("exp", -29, -30, "token has expired"),
            ("nbf", 20, 21, "token is not valid yet"),
            ("iat", 10, 11, "token used before issued"),
        })
        {
            (await gateway.CallAsync("/old/x", Sign(claim, taken))).ShouldBe(200);
            (await gateway.CallAsync("/old/x", Sign(claim, refused))).ShouldBeTykRefusal(401, "Key not authorized: " + words);
        }

        string Sign(string claim, int seconds) => shared.Signer.Sign(JwtApis.Claims(more: $$"""{"{{claim}}":{{JwtApis.Start + seconds}}}"""));
    }

    [Fact]
    public async Task MissingToken_IsAskedFor()
    {
        var answer = (await Gateway.CallAsync("/jwt/x")).ShouldBeRefused(401, "credential_missing");
        Assert.Equal("Bearer realm=\"jwt API\"", answer.Header("WWW-Authenticate"));
        Assert.Equal("Bearer realm=\"old API\"", (await Gateway.CallAsync("/old/x")).ShouldBeTykRefusal(400, "Authorization field missing").Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("bearer ")]
    [InlineData("")]
    public async Task Bearer_IsOptional(string prefix)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/jwt/x");
        request.Headers.TryAddWithoutValidation("Authorization", prefix + shared.Signer.Sign(JwtApis.Claims()));

        (await shared.Taking.SendAsync(request)).ShouldBe(200);
    }

    [Theory]
    [InlineData("jwt", """{"auth_header_name":"X-Token"}""", "X-Token", "/jwt/x")]
    [InlineData("", """{"auth_header_name":"X-Older"}""", "X-Older", "/jwt/x")]
    [InlineData("jwt", """{"disable_header":true,"use_param":true,"param_name":"t"}""", null, "/jwt/x?t=")]
    public async Task Token_IsFound_WhereTheDefinitionSays(string block, string config, string? header, string path)
    {
        await using var gateway = await JwtApis.StartAsync("hmac", shared.Signer.Source, definition =>
            definition[block.Length > 0 ? "auth_configs" : "auth"] = block.Length > 0 ? new JsonObject { [block] = JsonNode.Parse(config) } : JsonNode.Parse(config));
        var token = shared.Signer.Sign(JwtApis.Claims());

        using var request = new HttpRequestMessage(HttpMethod.Get, header is null ? path + token : path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, token);
        }

        (await gateway.SendAsync(request)).ShouldBe(200);
        (await gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_missing");
    }

    /// <summary>Gateways over one shared secret: one whose upstream nothing must reach, and one for tokens that pass.</summary>
    public sealed class Gateways : IAsyncLifetime
    {
        internal TokenSigner Signer { get; } = TokenSigner.New("HS256");

        internal TestGateway Gateway { get; private set; } = null!;

        internal TestGateway Taking { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Gateway = await JwtApis.StartAsync("hmac", Signer.Source);
            Taking = await JwtApis.StartAsync("hmac", Signer.Source);
        }

        public async Task DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Taking.DisposeAsync();
        }
    }
}
