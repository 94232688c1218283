using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Clients are created, in one API or in those of a policy, and overwritten (spec a.4).</summary>
public sealed class ClientCreateTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Client_GetsAnIdAndASecret_WhenNoneAreGiven()
    {
        var answer = (await CreateAsync("""{"api_id":"orders"}""")).ShouldBeJson(200);

        Assert.Equal(["client_id", "redirect_uri", "secret", "meta_data", "description"], answer.Json.Names());
        Assert.Matches("^[0-9a-f]{32}$", answer.Text("client_id"));
        Assert.Matches("^[A-Za-z0-9+/]{48}$", answer.Text("secret"));
        Assert.Equal(("", ""), (answer.Text("redirect_uri"), answer.Text("description")));
        Assert.Equal("null", answer.Json.GetProperty("meta_data").GetRawText());
    }

    [Fact]
    public async Task Client_KeepsEverythingGiven_AndShowsItLater()
    {
        var answer = (await CreateAsync("""{"api_id":"orders","client_id":"chosen","secret":"chosen secret","redirect_uri":"http://a.example/cb","policy_id":"bronze","meta_data":{"team":"x"},"description":"ours"}""")).ShouldBeJson(200);

        Assert.Equal("""{"client_id":"chosen","redirect_uri":"http://a.example/cb","policy_id":"bronze","secret":"chosen secret","meta_data":{"team":"x"},"description":"ours"}""" + "\n", answer.Body);
        Assert.Equal(answer.Body, (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/chosen")).Body);
        (await Gateway.TokenAsync("orders", new OAuthClient("chosen", "chosen secret", ""), ("grant_type", "client_credentials"))).ShouldBe(200);
    }

    [Fact]
    public async Task Client_IsCreatedInTheNamedApiOnly_WhicheverPolicyIsNamed()
    {
        var created = (await CreateAsync("""{"api_id":"orders","policy_id":"silver"}""")).ShouldBe(200);

        (await GetAsync("orders", created.Text("client_id"))).ShouldBe(200);
        (await GetAsync("billing", created.Text("client_id"))).ShouldBe(404);
    }

    [Theory]
    [InlineData("unheard-of")]
    [InlineData("foreign")]
    [InlineData("keys")]
    public async Task Policy_IsNotChecked_WhenTheApiIsNamed(string policy)
    {
        var created = (await CreateAsync($"{{\"api_id\":\"orders\",\"policy_id\":\"{policy}\"}}")).ShouldBe(200);

        Assert.Equal(policy, created.Text("policy_id"));
        Assert.Contains(Gateway.Logs.Lines, line => line.Text.Contains(created.Text("client_id"), StringComparison.Ordinal) && line.Text.Contains(policy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_IsCreatedInEveryOAuthApiOfThePolicy_WithOneSecret()
    {
        var created = (await CreateAsync("""{"policy_id":"silver","redirect_uri":"http://a.example"}""")).ShouldBe(200);

        foreach (var api in new[] { "orders", "billing", "vintage" })
        {
            Assert.Equal(created.Body, (await GetAsync(api, created.Text("client_id"))).ShouldBe(200).Body);
        }

        (await GetAsync("abroad", created.Text("client_id"))).ShouldBe(404);
    }

    [Fact]
    public async Task Client_IsCreatedInTheOAuthApisOfAMixedPolicy()
    {
        var created = (await CreateAsync("""{"policy_id":"off"}""")).ShouldBe(200);

        (await GetAsync("orders", created.Text("client_id"))).ShouldBe(200);
        (await GetAsync("stock", created.Text("client_id"))).ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"api_id":"nowhere"}""", "API doesn't exist")]
    [InlineData("""{"api_id":"ORDERS"}""", "API doesn't exist")]
    [InlineData("""{"policy_id":"ghost"}""", "API doesn't exist")]
    [InlineData("""{"api_id":"stock"}""", "API is not OAuth2")]
    [InlineData("""{"api_id":"open"}""", "API is not OAuth2")]
    [InlineData("""{"policy_id":"keys"}""", "API is not OAuth2")]
    [InlineData("""{"policy_id":"unheard-of"}""", "Policy doesn't exist")]
    [InlineData("""{"redirect_uri":"http://a.example"}""", "Policy doesn't exist")]
    [InlineData("{}", "Policy doesn't exist")]
    [InlineData("""{"api_id":"","policy_id":""}""", "Policy doesn't exist")]
    public async Task Client_IsRefused_WithoutAnApiThatTakesIt(string body, string message) => (await CreateAsync(body)).ShouldFail(400, message);

    [Fact]
    public async Task NothingIsCreated_WhenOneApiOfThePolicyIsUnknown()
    {
        (await CreateAsync("""{"policy_id":"ghost","client_id":"half-made"}""")).ShouldFail(400, "API doesn't exist");

        (await GetAsync("orders", "half-made")).ShouldFail(404, "OAuth Client ID not found");
    }

    [Fact]
    public async Task Client_IsRefused_WhenItsIdCannotStandInAPath()
    {
        (await CreateAsync($"{{\"api_id\":\"orders\",\"client_id\":\"{new string('x', 256)}\"}}")).ShouldBeJson(400);
        (await CreateAsync("""{"api_id":"orders","client_id":"a\nb"}""")).ShouldBeJson(400);
        (await CreateAsync($"{{\"api_id\":\"orders\",\"client_id\":\"{new string('x', 255)}\"}}")).ShouldBeJson(200);
    }

    [Theory]
    [InlineData("with space", "with%20space")]
    [InlineData("a=b+c@d.example", "a=b+c@d.example")]
    [InlineData("ünï", "%C3%BCn%C3%AF")]
    public async Task Client_IsFound_UnderAnUnusualId(string id, string segment)
    {
        (await CreateAsync(new JsonObject { ["api_id"] = "orders", ["client_id"] = id }.ToJsonString())).ShouldBe(200);

        Assert.Equal(id, (await GetAsync("orders", segment)).ShouldBe(200).Text("client_id"));
        (await Gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + segment)).ShouldBeModified(id, "deleted");
        (await GetAsync("orders", segment)).ShouldBe(404);
    }

    [Fact]
    public async Task Overwriting_ReplacesTheClient_AndKeepsItsTokens()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        var tokens = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        var code = await Gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"]));

        var again = (await CreateAsync($$"""{"api_id":"orders","client_id":"{{client.Id}}","redirect_uri":"http://app.example/cb","description":"new"}""")).ShouldBe(200);

        Assert.NotEqual(client.Secret, again.Text("secret"));
        Assert.Equal("new", again.Text("description"));
        (await Gateway.CallAsync("/orders/x", tokens.Text("access_token"))).ShouldBe(200);
        (await Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")))).ShouldBeOAuthError(401, "invalid_client");
        var renewed = client with { Secret = again.Text("secret") };
        (await Gateway.TokenAsync("orders", renewed, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBe(200);
        (await Gateway.TokenAsync("orders", renewed, ("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")))).ShouldBe(200);
        Assert.Equal(2, (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens")).ShouldBe(200).Json.GetArrayLength());
    }

    [Fact]
    public async Task Overwriting_TouchesOneApiOnly()
    {
        var created = (await CreateAsync("""{"policy_id":"silver"}""")).ShouldBe(200);
        var id = created.Text("client_id");

        (await CreateAsync($$"""{"api_id":"billing","client_id":"{{id}}","secret":"other"}""")).ShouldBe(200);

        Assert.Equal("other", (await GetAsync("billing", id)).Text("secret"));
        Assert.Equal(created.Text("secret"), (await GetAsync("orders", id)).Text("secret"));
    }

    private Task<Answer> CreateAsync(string body) => Gateway.ManageAsync("POST", "/tyk/oauth/clients/create", TestGateway.Json(body));

    private Task<Answer> GetAsync(string api, string id) => Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{id}");
}
