using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>Tokens that a client gets for itself: its policy, never a refresh token, no redirect URI needed (spec b.3, h).</summary>
public sealed class ClientCredentialsTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Token_HasTheRulesOfThePolicy()
    {
        var client = await Gateway.CreateClientAsync("orders", redirect: "", policy: "bronze");

        var issued = (await Gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"), ("scope", "read"))).ShouldBeJson(200);

        Assert.Equal(["access_token", "expires_in", "scope", "token_type"], issued.Json.Names());
        Assert.StartsWith("org1", issued.Text("access_token"), StringComparison.Ordinal);
        var session = await Gateway.SessionAsync(issued.Text("access_token"));
        Assert.Equal(("bronze", client.Id, "org1"), (session.GetProperty("apply_policies")[0].GetString(), session.GetProperty("oauth_client_id").GetString(), session.GetProperty("org_id").GetString()));
        Assert.Equal("\"rate\";q=5;w=10, \"quota\";q=50;w=3600", (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200).Header("RateLimit-Policy"));
    }

    [Theory]
    [InlineData("orders", null, 400, "unauthorized_client")]
    [InlineData("orders", "unheard-of", 400, "unauthorized_client")]
    [InlineData("vintage", null, 403, "server_error")]
    [InlineData("vintage", "unheard-of", 403, "server_error")]
    public async Task NothingIsIssued_WithoutAPolicy(string api, string? policy, int status, string id)
    {
        var client = await Gateway.CreateClientAsync(api, policy: policy);

        (await Gateway.TokenAsync(api, client, ("grant_type", "client_credentials"))).ShouldBeOAuthError(status, id);
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens")).Body);
    }

    [Fact]
    public async Task EveryToken_LivesBesideTheOthers()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "bronze");
        var (first, second) = (await IssueAsync(client), await IssueAsync(client));

        Assert.NotEqual(first, second);
        (await Gateway.CallAsync("/orders/x", first)).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", second)).ShouldBe(200);
    }

    [Fact]
    public async Task Policy_ThatDoesNotGrantTheApi_GivesATokenThatOpensNothingHere()
    {
        var client = await Gateway.CreateClientAsync("billing", policy: "bronze");
        var token = (await Gateway.TokenAsync("billing", client, ("grant_type", "client_credentials"))).ShouldBe(200).Text("access_token");

        (await Gateway.CallAsync("/billing/x", token)).ShouldBeRefused(403, "api_forbidden");
    }

    // A client that is known is not read again; what became of it is seen where its token is written.
    [Fact]
    public async Task ClientThatIsKnown_IsTakenForWhatItIsNow()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "bronze");
        await IssueAsync(client);
        await IssueAsync(client);

        var rotated = (await Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/orders/{client.Id}/rotate")).ShouldBe(200).Text("secret");
        (await Gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(401);
        client = client with { Secret = rotated };
        await IssueAsync(client);

        // Else it would be born dead.
        (await Gateway.ManageAsync("POST", "/tyk/oauth/revoke_all", TestGateway.Form(("client_id", client.Id), ("client_secret", client.Secret)))).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", await IssueAsync(client))).ShouldBe(200);

        (await Gateway.ManageAsync("DELETE", $"/tyk/oauth/clients/orders/{client.Id}")).ShouldBe(200);
        (await Gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(401);
    }

    private async Task<string> IssueAsync(OAuthClient client) => (await Gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(200).Text("access_token");
}
