using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>Which tokens an API takes (design's contract; spec b.7, d.3).</summary>
public sealed class TokenAcceptanceTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Token_OfAnotherRealm_Passes_WhenItsClientIsRegisteredHereToo()
    {
        var client = await RegisterAsync("orders", "billing");

        var token = await IssueAsync("orders", client, Definitions.Session(["orders", "billing"]));

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/billing/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Token_OfAnotherRealm_NeedsItsClientHere()
    {
        var token = await IssueAsync("orders", await RegisterAsync("orders"), Definitions.Session(["orders", "billing"]));

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        for (var i = 0; i < 3; i++)
        {
            // Also once it is remembered that there is no such client.
            (await Gateway.CallAsync("/billing/x", token)).ShouldBeRefused(401, "client_deleted");
        }
    }

    [Fact]
    public async Task Token_OfAnotherRealm_NeedsRightsHere()
    {
        var token = await IssueAsync("orders", await RegisterAsync("orders", "billing"), Definitions.Session(["orders"]));

        (await Gateway.CallAsync("/billing/x", token)).ShouldBeRefused(403, "api_forbidden");
    }

    [Fact]
    public async Task Token_WithoutRights_ReachesEveryApiOfItsClient()
    {
        var client = await RegisterAsync("orders", "billing");
        var token = await IssueAsync("orders", client, Definitions.Session([]));

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/billing/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/vintage/x", token)).ShouldBeTykRefusal(403, "Key not authorised. OAuth client access was revoked");
    }

    [Theory]
    [InlineData("orders", "client_deleted", "client_deleted", "credential_unknown")]
    [InlineData("billing", "", "client_deleted", "")]
    public async Task DeletingTheClient_EndsTheToken_WhereItWasIssuedEverywhere_ElseOnThatApi(string deletedIn, string onOrders, string onBilling, string onStock)
    {
        var client = await RegisterAsync("orders", "billing");
        var token = await IssueAsync("orders", client, Definitions.Session(["orders", "billing", "stock"]));
        foreach (var api in new[] { "orders", "billing", "stock" })
        {
            (await Gateway.CallAsync($"/{api}/x", token)).ShouldBe(200);
        }

        (await Gateway.ManageAsync("DELETE", $"/tyk/oauth/clients/{deletedIn}/{client.Id}")).ShouldBe(200);

        await ShouldSayAsync("orders", token, onOrders);
        await ShouldSayAsync("billing", token, onBilling);
        Assert.Equal(onStock.Length > 0, (await Gateway.CallAsync("/stock/x", token)).Status == 401);
    }

    [Fact]
    public async Task ClientRegisteredHereAgain_LetsTokensOfItsOtherRealmInAgain()
    {
        var client = await RegisterAsync("orders", "billing");
        var token = await IssueAsync("orders", client, Definitions.Session(["orders", "billing"]));
        await Gateway.ManageAsync("DELETE", $"/tyk/oauth/clients/billing/{client.Id}");
        (await Gateway.CallAsync("/billing/x", token)).ShouldBeRefused(401, "client_deleted");

        await Gateway.CreateClientAsync("billing", more: new() { ["client_id"] = client.Id });

        (await Gateway.CallAsync("/billing/x", token)).ShouldBe(200);
    }

    [Theory]
    [InlineData("/tyk/oauth/revoke")]
    [InlineData("/tyk/oauth/revoke_all")]
    public async Task Revoking_EndsTheTokenEverywhere(string path)
    {
        var client = await RegisterAsync("orders", "billing");
        var token = await IssueAsync("orders", client, Definitions.Session(["orders", "billing", "stock"]));
        (await Gateway.CallAsync("/billing/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", token)).ShouldBe(200);

        (await Gateway.ManageAsync("POST", path, TestGateway.Form(("token", token), ("client_id", client.Id), ("client_secret", client.Secret)))).ShouldBe(200);

        foreach (var api in new[] { "orders", "billing", "stock" })
        {
            (await Gateway.CallAsync($"/{api}/x", token)).ShouldBeRefused(401, "credential_unknown");
        }
    }

    [Fact]
    public async Task KeyApi_TakesTokens_WithoutLookingAtTheirClientThere()
    {
        var token = await IssueAsync("orders", await RegisterAsync("orders"), Definitions.Session(["stock", "attic"]));

        (await Gateway.CallAsync("/stock/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/attic/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", token)).ShouldBeRefused(403, "api_forbidden");
    }

    [Fact]
    public async Task RefreshToken_OrCode_IsNoCredential()
    {
        var client = await RegisterAsync("orders");
        var refresh = (await Gateway.IssueAsync("orders", client, Definitions.Session([]))).Text("refresh_token");
        var code = await Gateway.AuthorizeAsync("orders", client, Definitions.Session([]));

        foreach (var text in new[] { refresh, code, client.Secret, client.Id })
        {
            (await Gateway.CallAsync("/orders/x", text)).ShouldBeRefused(401, "credential_unknown");
            (await Gateway.CallAsync("/stock/x", text)).ShouldBeRefused(401, "credential_unknown");
        }
    }

    [Fact]
    public async Task HashOfAToken_IsNoCredential()
    {
        var token = await IssueAsync("orders", await RegisterAsync("orders"), Definitions.Session([]));

        (await Gateway.CallAsync("/orders/x", Hashes.Of(token))).ShouldBeRefused(401, "credential_unknown");
        (await Gateway.CallAsync("/orders/x", token.ToUpperInvariant())).ShouldBeRefused(401, "credential_unknown");
    }

    private async Task ShouldSayAsync(string api, string token, string code)
    {
        var answer = await Gateway.CallAsync($"/{api}/x", token);
        _ = code.Length == 0 ? answer.ShouldBe(200) : answer.ShouldBeRefused(401, code);
    }

    private async Task<OAuthClient> RegisterAsync(params string[] apis)
    {
        var first = await Gateway.CreateClientAsync(apis[0]);
        foreach (var api in apis[1..])
        {
            await Gateway.CreateClientAsync(api, more: new() { ["client_id"] = first.Id, ["secret"] = first.Secret });
        }

        return first;
    }

    private async Task<string> IssueAsync(string api, OAuthClient client, System.Text.Json.Nodes.JsonObject rules) =>
        (await Gateway.IssueAsync(api, client, rules)).Text("access_token");
}
