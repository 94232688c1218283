using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Clients are changed, one by its path or several by their list (spec a.7).</summary>
public sealed class ClientUpdateTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Update_ReplacesWhatMayChange_AndKeepsTheRest()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "bronze", more: new() { ["meta_data"] = new JsonObject { ["a"] = 1 }, ["description"] = "old" });

        var answer = (await UpdateAsync("orders", client.Id, """{"client_id":"other","api_id":"billing","secret":"mine","redirect_uri":"http://new.example","policy_id":"silver","meta_data":[2],"description":"new"}""")).ShouldBeJson(200);

        Assert.Equal($$"""{"client_id":"{{client.Id}}","redirect_uri":"http://new.example","policy_id":"silver","secret":"{{client.Secret}}","meta_data":[2],"description":"new"}""" + "\n", answer.Body);
        Assert.Equal(answer.Body, (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id)).Body);
        (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/other")).ShouldBe(404);
    }

    [Fact]
    public async Task Update_EmptiesWhatIsAbsent()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "bronze", more: new() { ["meta_data"] = 5, ["description"] = "old" });

        var answer = (await UpdateAsync("orders", client.Id, "{}")).ShouldBeJson(200);

        Assert.Equal($$"""{"client_id":"{{client.Id}}","redirect_uri":"","secret":"{{client.Secret}}","meta_data":null,"description":""}""" + "\n", answer.Body);
    }

    [Fact]
    public async Task Update_ChangesOneApiOnly()
    {
        var created = (await Gateway.ManageAsync("POST", "/tyk/oauth/clients/create", TestGateway.Json("""{"policy_id":"silver"}"""))).ShouldBe(200);

        (await UpdateAsync("orders", created.Text("client_id"), """{"redirect_uri":"http://new.example"}""")).ShouldBe(200);

        Assert.Equal(created.Body, (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/billing/" + created.Text("client_id"))).Body);
    }

    [Theory]
    [InlineData("nowhere", "{", 400, "Unmarshalling failed")]
    [InlineData("nowhere", """{"policy_id":"unheard-of"}""", 404, "API doesn't exist")]
    [InlineData("orders", """{"policy_id":"unheard-of"}""", 404, "Policy doesn't exist")]
    [InlineData("orders", """{"policy_id":"foreign"}""", 404, "Policy doesn't exist")]
    [InlineData("orders", """{"policy_id":"keys"}""", 400, "Policy access rights doesn't contain API this OAuth client belongs to")]
    [InlineData("orders", """{"policy_id":"silver"}""", 404, "OAuth Client ID not found")]
    [InlineData("orders", "{}", 404, "OAuth Client ID not found")]
    public async Task Update_Fails_InThisOrder(string api, string body, int status, string message) => (await UpdateAsync(api, "nobody", body)).ShouldFail(status, message);

    [Theory]
    [InlineData("silver", "bronze")]
    [InlineData("silver", "")]
    public async Task ChangedPolicy_EndsAccessTokens_AndLeavesRefreshTokens(string before, string after)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: before);
        var byPolicy = await Gateway.IssueAsync("orders", client);
        var byRules = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        (await Gateway.CallAsync("/orders/x", byPolicy.Text("access_token"))).ShouldBe(200);

        (await UpdateAsync("orders", client.Id, $$"""{"redirect_uri":"http://app.example/cb","policy_id":"{{after}}"}""")).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", byPolicy.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");
        (await Gateway.CallAsync("/orders/x", byRules.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens")).Body);
        var refreshed = await RefreshAsync(client, byPolicy);
        (await Gateway.CallAsync("/orders/x", (await RefreshAsync(client, byRules)).ShouldBe(200).Text("access_token"))).ShouldBe(200);
        if (after.Length == 0)
        {
            refreshed.ShouldBeOAuthError(400, "unauthorized_client");
            return;
        }

        var call = (await Gateway.CallAsync("/orders/x", refreshed.ShouldBe(200).Text("access_token"))).ShouldBe(200);
        Assert.Equal("\"rate\";q=5;w=10, \"quota\";q=50;w=3600", call.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task ChangedPolicy_IsRefusedAsTykSays_InTykStyle()
    {
        var client = await Gateway.CreateClientAsync("vintage", policy: "silver");
        var token = (await Gateway.IssueAsync("vintage", client)).Text("access_token");

        (await UpdateAsync("vintage", client.Id, """{"redirect_uri":"http://app.example/cb"}""")).ShouldBe(200);

        (await Gateway.CallAsync("/vintage/x", token)).ShouldBeTykRefusal(403, "Key not authorised");
    }

    [Theory]
    [InlineData(null, "silver")]
    [InlineData("silver", "silver")]
    [InlineData(null, "")]
    public async Task Tokens_Stay_WhenThePolicyDoesNotChangeOrIsTheFirst(string? before, string after)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: before);
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        (await UpdateAsync("orders", client.Id, $$"""{"redirect_uri":"http://app.example/cb","policy_id":"{{after}}"}""")).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task ChangedPolicy_LeavesTheClientsTokensOfOtherApis()
    {
        var created = (await Gateway.ManageAsync("POST", "/tyk/oauth/clients/create", TestGateway.Json("""{"policy_id":"silver","redirect_uri":"http://app.example/cb"}"""))).ShouldBe(200);
        var client = new OAuthClient(created.Text("client_id"), created.Text("secret"), "http://app.example/cb");
        var token = (await Gateway.IssueAsync("billing", client)).Text("access_token");

        (await UpdateAsync("orders", client.Id, "{}")).ShouldBe(200);

        (await Gateway.CallAsync("/billing/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task UpdateMany_ChangesAll_AndAnswersTheArray()
    {
        var (one, two) = (await Gateway.CreateClientAsync("orders"), await Gateway.CreateClientAsync("orders"));

        var answer = (await UpdateAsync("orders", null, $$"""[{"client_id":"{{one.Id}}","description":"1"},{"client_id":"{{two.Id}}","description":"2"}]""")).ShouldBeJson(200);

        Assert.Equal([(one.Id, "1"), (two.Id, "2")], answer.Json.EnumerateArray().Select(static client => (client.GetProperty("client_id").GetString()!, client.GetProperty("description").GetString()!)));
    }

    [Fact]
    public async Task UpdateMany_ChangesNothing_WhenOneCannotBeChanged()
    {
        var one = await Gateway.CreateClientAsync("orders");
        var before = (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + one.Id)).Body;

        (await UpdateAsync("orders", null, $$"""[{"client_id":"{{one.Id}}","description":"1"},{"client_id":"nobody"}]""")).ShouldFail(404, "OAuth Client ID not found");
        (await UpdateAsync("orders", null, $$"""[{"client_id":"{{one.Id}}","description":"1"},{"description":"2"}]""")).ShouldFail(400, "client_id is required");
        (await UpdateAsync("orders", null, $$"""[{"client_id":"{{one.Id}}","description":"1"},{"client_id":"{{one.Id}}","policy_id":"unheard-of"}]""")).ShouldFail(404, "Policy doesn't exist");

        Assert.Equal(before, (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + one.Id)).Body);
    }

    [Theory]
    [InlineData("orders", "{}", 400, "client_id is required")]
    [InlineData("orders", """{"client_id":""}""", 400, "client_id is required")]
    [InlineData("orders", "[{}]", 400, "client_id is required")]
    [InlineData("orders", "[null]", 400, "Unmarshalling failed")]
    [InlineData("orders", "[{", 400, "Unmarshalling failed")]
    [InlineData("nowhere", "[{", 400, "Unmarshalling failed")]
    [InlineData("nowhere", """{"client_id":"c"}""", 404, "API doesn't exist")]
    [InlineData("nowhere", "", 404, "API doesn't exist")]
    [InlineData("stock", """{"client_id":"c"}""", 404, "API doesn't exist")]
    [InlineData("orders", """{"client_id":"nobody"}""", 404, "OAuth Client ID not found")]
    public async Task UpdateMany_Fails_InThisOrder(string api, string body, int status, string message) => (await UpdateAsync(api, null, body)).ShouldFail(status, message);

    [Fact]
    public async Task UpdateMany_ChangesNothing_WithoutABody()
    {
        var client = await Gateway.CreateClientAsync("billing");
        var listed = (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/billing")).Body;

        Assert.Equal(listed, (await UpdateAsync("billing", null, "")).ShouldBeJson(200).Body);
        Assert.Contains(client.Id, listed, StringComparison.Ordinal);
        Assert.Equal("[]\n", (await UpdateAsync("stock", null, "")).ShouldBeJson(200).Body);
        Assert.Equal("[]\n", (await UpdateAsync("billing", null, "[]")).ShouldBeJson(200).Body);
    }

    private Task<Answer> UpdateAsync(string api, string? id, string body) =>
        Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/{api}" + (id is null ? "" : "/" + id), body.Length == 0 ? new ByteArrayContent([]) : TestGateway.Json(body));

    private Task<Answer> RefreshAsync(OAuthClient client, Answer issued) =>
        Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")));
}
