using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>The session of an identity: one for each organisation, seen and switched by management, and no credential (spec d.3).</summary>
public sealed class JwtIdentityTests : IAsyncLifetime
{
    private readonly TokenSigner _signer = TokenSigner.New("HS256");
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        upstream =>
        [
            JwtApis.Api("jwt", upstream, "hmac", _signer.Source),
            JwtApis.Api("old", upstream, "hmac", _signer.Source).With("jwt_identity_base_field", "user.id"),
            Definitions.Keys("stock", upstream),
            Definitions.OAuth("orders", upstream),
        ],
        JwtApis.Policies);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task Session_IsStoredUnderOrganisationAndMd5_AndShown()
    {
        (await CallAsync("ann@example.org")).ShouldBe(200);

        var shown = (await ShowAsync("ann@example.org")).ShouldBe(200).Json;
        Assert.Equal("gold", shown.GetProperty("apply_policies")[0].GetString());
        Assert.Equal("gold", shown.GetProperty("tags")[0].GetString());
        Assert.Equal(("ann@example.org", "org1", JwtApis.Start + 600), (shown.GetProperty("alias").GetString(), shown.GetProperty("org_id").GetString(), shown.GetProperty("expires").GetInt64()));
        Assert.Equal(1000, shown.GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task NestedClaim_NamesTheIdentity_ElseTheSubject()
    {
        (await _gateway.CallAsync("/old/x", Sign("sub", """{"user":{"id":"deep"}}"""))).ShouldBe(200);
        (await _gateway.CallAsync("/old/x", Sign("shallow", """{"user":{"id":7}}"""))).ShouldBe(200);

        (await ShowAsync("deep")).ShouldBe(200);
        (await ShowAsync("shallow")).ShouldBe(200);
        (await ShowAsync("sub")).ShouldBe(404);
    }

    [Fact]
    public async Task Counters_AreTheIdentitys_WhateverTokensAndApis()
    {
        (await _gateway.CallAsync("/jwt/x", Sign("ann", """{"pol":"tight","jti":"1"}"""))).ShouldBe(200);
        (await _gateway.CallAsync("/old/x", Sign("ann", """{"pol":"tight","jti":"2"}"""))).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", Sign("ann", """{"pol":"tight","jti":"3"}"""))).ShouldBeRefused(429, "rate_exceeded");
        (await _gateway.CallAsync("/jwt/x", Sign("ben", """{"pol":"tight","jti":"3"}"""))).ShouldBe(200);
    }

    [Fact]
    public async Task Policies_AreThoseOfTheTokenAtHand()
    {
        var (gold, tight) = (Sign("ann", """{"pol":"gold"}"""), Sign("ann", """{"pol":"tight"}"""));
        for (var i = 0; i < 2; i++)
        {
            Assert.Contains("q=1000;", (await _gateway.CallAsync("/jwt/x", gold)).ShouldBe(200).Header("RateLimit-Policy"), StringComparison.Ordinal);
        }

        // Two of this minute's requests are the identity's already.
        var answer = (await _gateway.CallAsync("/jwt/x", tight)).ShouldBeRefused(429, "rate_exceeded");
        Assert.Contains("q=2;", answer.Header("RateLimit-Policy"), StringComparison.Ordinal);
        (await _gateway.CallAsync("/jwt/x", gold)).ShouldBe(200);
    }

    [Fact]
    public async Task Management_SwitchesAnIdentityOff_AndOn()
    {
        var token = Sign("ann");
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);

        await SwitchAsync(true);
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(403, "key_inactive");
        (await _gateway.CallAsync("/jwt/x", Sign("ann", """{"pol":"tight"}"""))).ShouldBeRefused(403, "key_inactive");
        Assert.True((await ShowAsync("ann")).Json.GetProperty("is_inactive").GetBoolean());

        // It does not lapse into being switched on.
        _gateway.Time.StepWallClock(TimeSpan.FromDays(365));
        (await _gateway.CallAsync("/jwt/x", Sign("ann", $$"""{"exp":{{JwtApis.Start + (366 * 86400)}}}"""))).ShouldBeRefused(403, "key_inactive");

        await SwitchAsync(false);
        (await _gateway.CallAsync("/jwt/x", Sign("ann", $$"""{"exp":{{JwtApis.Start + (366 * 86400)}}}"""))).ShouldBe(200);

        async Task SwitchAsync(bool off)
        {
            var session = JsonNode.Parse((await ShowAsync("ann")).Body)!.AsObject();
            session["is_inactive"] = off;
            (await _gateway.ManageAsync("PUT", "/tyk/keys/" + NameOf("ann"), session)).ShouldBe(200);
        }
    }

    [Fact]
    public async Task DeletedSession_ComesBackWithTheNextRequest()
    {
        var token = Sign("ann");
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        (await _gateway.ManageAsync("DELETE", "/tyk/keys/" + NameOf("ann"))).ShouldBe(200);

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);

        (await ShowAsync("ann")).ShouldBe(200);
    }

    // Whoever knows an identity can work the name of its session out.
    [Fact]
    public async Task NameOfASession_IsNoCredential()
    {
        (await _gateway.CallAsync("/jwt/x", Sign("ann", """{"pol":"everything"}"""))).ShouldBeRefused(403, "api_forbidden");
        (await CallAsync("ann")).ShouldBe(200);
        await ShouldBeNoCredentialAsync();

        // Not after management has written it either, in any way.
        var session = Definitions.Session(["jwt", "stock", "orders"]);
        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + NameOf("ann"), session)).ShouldBe(200);
        await ShouldBeNoCredentialAsync();
        (await _gateway.ManageAsync("POST", "/tyk/keys/" + NameOf("ann"), Definitions.Session(["jwt", "stock", "orders"]))).ShouldBe(200);
        await ShouldBeNoCredentialAsync();
        (await CallAsync("ann")).ShouldBe(200);

        // Nor one that was there before the identity was seen.
        (await _gateway.ManageAsync("POST", "/tyk/keys/" + NameOf("early"), Definitions.Session(["jwt", "stock"]))).ShouldBe(200);
        (await _gateway.CallAsync("/stock/x", NameOf("early"))).ShouldBe(200);
        (await CallAsync("early")).ShouldBe(200);
        (await _gateway.CallAsync("/stock/x", NameOf("early"))).ShouldBeRefused(401, "credential_unknown");

        async Task ShouldBeNoCredentialAsync()
        {
            foreach (var name in new[] { NameOf("ann"), NameOf("ann")[4..] })
            {
                (await _gateway.CallAsync("/stock/x", name)).ShouldBeRefused(401, "credential_unknown");
                (await _gateway.CallAsync("/orders/x", name)).ShouldBeRefused(401, "credential_unknown");
                (await _gateway.CallAsync("/jwt/x", name)).ShouldBeRefused(401, "credential_malformed");
            }
        }
    }

    [Fact]
    public async Task FirstRequests_CreateOneSession_HoweverManyComeAtOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => _gateway.CallAsync(i % 2 == 0 ? "/jwt/x" : "/old/x", Sign("crowd", $$"""{"jti":"{{i}}"}"""))));

        Assert.All(answers, static answer => answer.ShouldBe(200));
        Assert.Equal(32, 1000 - int.Parse(answers.Min(static answer => answer.Header("RateLimit")!.Split("r=")[1].Split(';')[0].PadLeft(4, '0'))!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Expiry_OfTheSession_IsNeverBeforeTheTokens()
    {
        (await _gateway.CallAsync("/jwt/x", Sign("ann", $$"""{"exp":{{JwtApis.Start + 60}}}"""))).ShouldBe(200);
        Assert.Equal(JwtApis.Start + 60, (await ShowAsync("ann")).Json.GetProperty("expires").GetInt64());

        (await _gateway.CallAsync("/jwt/x", Sign("ann", $$"""{"exp":{{JwtApis.Start + 100}}}"""))).ShouldBe(200);
        Assert.Equal(JwtApis.Start + 200, (await ShowAsync("ann")).Json.GetProperty("expires").GetInt64());

        // So that a row of tokens costs no write each.
        var updated = (await ShowAsync("ann")).Text("last_updated");
        _gateway.Time.Advance(TimeSpan.FromSeconds(50));
        (await _gateway.CallAsync("/jwt/x", Sign("ann", $$"""{"exp":{{JwtApis.Start + 150}}}"""))).ShouldBe(200);
        Assert.Equal(updated, (await ShowAsync("ann")).Text("last_updated"));
    }

    [Fact]
    public async Task Sessions_DoNotPileUp()
    {
        (await _gateway.CallAsync("/jwt/x", _signer.Sign("""{"sub":"ann"}"""))).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", _signer.Sign("""{"sub":"ben","exp":99999999999}"""))).ShouldBe(200);

        _gateway.Time.StepWallClock(TimeSpan.FromDays(31));
        (await ShowAsync("ann")).ShouldBe(404);
        (await ShowAsync("ben")).ShouldBe(404);

        (await _gateway.CallAsync("/jwt/x", _signer.Sign("""{"sub":"ann"}"""))).ShouldBe(200);
        (await ShowAsync("ann")).ShouldBe(200);
    }

    private Task<Answer> CallAsync(string subject) => _gateway.CallAsync("/jwt/x", Sign(subject));

    private Task<Answer> ShowAsync(string identity) => _gateway.ManageAsync("GET", "/tyk/keys/" + NameOf(identity));

    private string Sign(string subject, string? more = null) => _signer.Sign(JwtApis.Claims(subject, more));

#pragma warning disable CA5351 // The name that Tyk gives the session of an identity; no secret depends on it.
    private static string NameOf(string identity) => "org1" + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(identity)));
#pragma warning restore CA5351
}
