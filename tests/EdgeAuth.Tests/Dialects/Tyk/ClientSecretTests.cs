using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Secrets are rotated, clients found in their APIs, lapsed tokens purged (spec a.13 to a.15).</summary>
public sealed class ClientSecretTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task RotatedSecret_TakesTheOldOnesPlaceAtOnce_AndTokensStay(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));

        var rotated = (await Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/orders/{client.Id}/rotate{slash}", TestGateway.Json("{ignored"))).ShouldBeJson(200);

        Assert.Equal(["client_id", "redirect_uri", "policy_id", "secret", "meta_data", "description"], rotated.Json.Names());
        Assert.Equal((client.Id, client.RedirectUri), (rotated.Text("client_id"), rotated.Text("redirect_uri")));
        Assert.NotEqual(client.Secret, rotated.Text("secret"));
        Assert.Equal(rotated.Body, (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id)).Body);
        (await RefreshAsync(client, issued)).ShouldBeOAuthError(401, "invalid_client");
        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        (await RefreshAsync(client with { Secret = rotated.Text("secret") }, issued)).ShouldBe(200);
    }

    [Fact]
    public async Task Rotation_LeavesTheCopyOfAnotherApiAlone()
    {
        var client = await Gateway.CreateClientAsync("orders");
        await Gateway.CreateClientAsync("billing", more: new() { ["client_id"] = client.Id, ["secret"] = "chosen" });

        (await Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/billing/{client.Id}/rotate")).ShouldBe(200);

        Assert.Equal(client.Secret, (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id)).Text("secret"));
        Assert.NotEqual("chosen", (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/billing/" + client.Id)).Text("secret"));
    }

    [Theory]
    [InlineData("nowhere", "x", "API doesn't exist")]
    [InlineData("orders", "never-was", "OAuth Client ID not found")]
    public async Task Rotation_Fails_WithoutTheClient(string api, string client, string message) =>
        (await Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/{api}/{client}/rotate")).ShouldFail(404, message);

    [Fact]
    public async Task ApisOfAClient_AreListed_OfOneOrganisationWhenOneIsGiven()
    {
        var client = await Gateway.CreateClientAsync("orders");
        await Gateway.CreateClientAsync("abroad", more: new() { ["client_id"] = client.Id });

        Assert.Equal(["abroad", "orders"], await ApisAsync(client.Id, ""));
        Assert.Equal(["orders"], await ApisAsync(client.Id, "org1"));
        Assert.Equal(["abroad"], await ApisAsync(client.Id, "org2"));
        Assert.Empty(await ApisAsync(client.Id, "org3"));
        Assert.Empty(await ApisAsync("never-was", ""));
        (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/apis/" + client.Id)).ShouldFail(404, "OAuth Client ID not found");

        async Task<IEnumerable<string>> ApisAsync(string id, string org) =>
            (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/apis/{id}?orgID={org}")).ShouldBeJson(200).Json.EnumerateArray().Select(static api => api.GetString()!).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task LapsedTokens_ArePurged_AndOnlyThose()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        (await Gateway.ManageAsync("DELETE", "/tyk/oauth/tokens?scope=lapsed")).ShouldSucceed("lapsed tokens purged");
        (await Gateway.ManageAsync("DELETE", "/tyk/oauth/tokens")).ShouldFail(422, "scope parameter is required");
        (await Gateway.ManageAsync("DELETE", "/tyk/oauth/tokens?scope=all")).ShouldFail(400, "unknown scope");

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    private Task<Answer> RefreshAsync(OAuthClient client, Answer issued) =>
        Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")));
}
