using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>An access token addressed as a key stays a token: it keeps its grant, and ends with it (spec f.1; design: revocation).</summary>
public sealed class TokenAsKeyTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("PUT", "modified")]
    [InlineData("POST", "added")]
    public async Task WrittenToken_EndsWithItsClientsGrants(string method, string action)
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");
        var session = JsonNode.Parse((await Gateway.ManageAsync("GET", "/tyk/keys/" + token)).ShouldBe(200).Body)!;

        (await Gateway.ManageAsync(method, "/tyk/keys/" + token, session)).ShouldBeModified(token, action);
        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        (await Gateway.ManageAsync("POST", "/tyk/oauth/revoke_all", TestGateway.Form(("client_id", client.Id), ("client_secret", client.Secret)))).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_unknown");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_767_225_600_000)]
    [InlineData(long.MaxValue)]
    public async Task TokenWithoutAnEnd_OutlivesTheUsualLifetime(long expires)
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream)],
            static setup => setup.Policy("plain", Definitions.Policy(["orders"])));
        var client = await gateway.CreateClientAsync("orders", policy: "plain");
        var token = (await gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(200).Text("access_token");

        (await gateway.ManageAsync("PUT", "/tyk/keys/" + token, Definitions.Session(["orders"]).With("expires", expires))).ShouldBe(200);
        gateway.Time.Leap(TimeSpan.FromDays(40));

        (await gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task ExpiredToken_IsKnownAsExpired_AsLongAsSet()
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream)],
            static setup =>
            {
                setup.Policy("plain", Definitions.Policy(["orders"]));
                setup.Set("EdgeAuth:Sessions:ExpiredTokenRetention", "24h");
            });
        var client = await gateway.CreateClientAsync("orders", policy: "plain");
        var token = (await gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(200).Text("access_token");

        gateway.Time.Leap(TimeSpan.FromHours(20));
        (await gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_expired");
        gateway.Time.Leap(TimeSpan.FromHours(6));
        (await gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task RulesWithAPassword_GiveAToken_AndThePasswordIsNotKept()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var rules = Definitions.Session(["orders"], """{"basic_auth_data":{"password":"a word that must not be kept"},"oauth_keys":{"x":"y"}}""");

        var token = (await Gateway.IssueAsync("orders", client, rules)).Text("access_token");

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        Assert.All((await TestStore.RawAsync(Gateway.Folder)).Values, static text => Assert.DoesNotContain("a word that must not be kept", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task User_LogsIn_ThoughTheNameBeginsWithTheOrganisation()
    {
        var client = await Gateway.CreateClientAsync("orders");
        (await Gateway.ManageAsync("POST", "/tyk/keys/org1ann", Definitions.Session(["orders"], """{"basic_auth_data":{"password":"word"}}"""))).ShouldBe(200);

        foreach (var name in new[] { "org1ann", "ann" })
        {
            (await Gateway.TokenAsync("orders", client, ("grant_type", "password"), ("username", name), ("password", "word"))).ShouldBe(200);
        }
    }

    [Fact]
    public async Task RandomKey_HasItsOrganisationInFront_WhateverItsDigits()
    {
        for (var i = 0; i < 40; i++)
        {
            var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"]).With("org_id", "5"));
            Assert.Equal(1 + 32, key.Length);
        }
    }
}
