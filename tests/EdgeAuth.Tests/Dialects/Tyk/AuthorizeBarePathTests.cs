using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>The bare path names no API: which one is meant (spec a.3).</summary>
public sealed class AuthorizeBarePathTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string Ambiguous = "api_id is required: this client belongs to several APIs";

    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Api_IsTheOneNamed_InTheFormOrTheQuery()
    {
        var id = await RegisterAsync("orders", "billing");

        await ShouldBeOfAsync("billing", id, await AuthorizeAsync(id, fields: ("api_id", "billing")));
        await ShouldBeOfAsync("orders", id, await AuthorizeAsync(id, "?api_id=orders"));
        await ShouldBeOfAsync("billing", id, await AuthorizeAsync(id, fields: [("api_id", "billing"), ("key_rules", Definitions.Session(["orders"]).ToJsonString())]));
    }

    [Fact]
    public async Task Api_IsTheOnlyOneOfTheClient()
    {
        var id = await RegisterAsync("billing");

        await ShouldBeOfAsync("billing", id, await AuthorizeAsync(id));
        await ShouldBeOfAsync("billing", id, await AuthorizeAsync(id, fields: ("key_rules", Definitions.Session(["orders"]).ToJsonString())));
    }

    [Fact]
    public async Task Api_IsTheOnlyOneOfTheClientThatTheRulesName()
    {
        var id = await RegisterAsync("orders", "billing");

        await ShouldBeOfAsync("billing", id, await AuthorizeAsync(id, fields: ("key_rules", Definitions.Session(["billing"]).ToJsonString())));
        await ShouldBeOfAsync("orders", id, await AuthorizeAsync(id, fields: ("key_rules", Definitions.Session(["orders", "stock", "abroad"]).ToJsonString())));
    }

    [Fact]
    public async Task Api_MustBeNamed_WhenSeveralAreLeft()
    {
        var id = await RegisterAsync("orders", "billing");

        (await AuthorizeAsync(id)).ShouldFail(400, Ambiguous);
        (await AuthorizeAsync(id, fields: ("key_rules", "{}"))).ShouldFail(400, Ambiguous);
        (await AuthorizeAsync(id, fields: ("key_rules", Definitions.Session(["orders", "billing"]).ToJsonString()))).ShouldFail(400, Ambiguous);
        (await AuthorizeAsync(id, fields: ("key_rules", Definitions.Session(["abroad"]).ToJsonString()))).ShouldFail(400, Ambiguous);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("stock")]
    public async Task Api_MustIssueTokens(string api)
    {
        var id = await RegisterAsync("orders");

        (await AuthorizeAsync(id, fields: ("api_id", api))).ShouldFail(404, "API doesn't exist");
    }

    [Fact]
    public async Task Client_IsUnknown_WhenNoApiHasIt()
    {
        (await AuthorizeAsync("nobody")).ShouldBeOAuthError(401, "invalid_client");
        (await AuthorizeAsync("")).ShouldBeOAuthError(401, "invalid_client");
    }

    [Fact]
    public async Task NamedApi_DoesNotHaveToHaveTheClient()
    {
        var id = await RegisterAsync("orders");

        (await AuthorizeAsync(id, fields: ("api_id", "billing"))).ShouldBeOAuthError(401, "invalid_client");
        (await AuthorizeAsync(id, fields: ("api_id", "vintage"))).ShouldBeOAuthError(403, "unauthorized_client");
    }

    [Fact]
    public async Task ResponseType_IsUnsupported_WhoeverTheClientIs() =>
        (await AuthorizeAsync("nobody", "?response_type=bad", [])).ShouldBeOAuthError(400, "unsupported_response_type");

    [Fact]
    public async Task NothingIsFound_WhenNoApiIssuesTokens()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("stock", upstream)]);

        (await gateway.ManageAsync("POST", "/tyk/oauth/authorize-client/", TestGateway.Form(("client_id", "c")))).ShouldFail(400, "API doesn't exist");
    }

    private async Task<string> RegisterAsync(params string[] apis)
    {
        var id = Guid.NewGuid().ToString("N");
        foreach (var api in apis)
        {
            await Gateway.CreateClientAsync(api, more: new() { ["client_id"] = id });
        }

        return id;
    }

    private Task<Answer> AuthorizeAsync(string id, string query = "?response_type=code", params (string Name, string Value)[] fields) =>
        Gateway.ManageAsync("POST", "/tyk/oauth/authorize-client/" + (query.Contains("response_type", StringComparison.Ordinal) ? query : query + "&response_type=code"), TestGateway.Form([("client_id", id), .. fields]));

    // A code is good in the realm that issued it and nowhere else.
    private async Task ShouldBeOfAsync(string api, string id, Answer authorized)
    {
        var secret = (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{id}")).ShouldBe(200).Text("secret");
        var client = new OAuthClient(id, secret, "http://app.example/cb");
        var code = authorized.ShouldBe(200).Text("code");
        var exchange = await Gateway.TokenAsync(api, client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri));

        // Without rules the exchange gets as far as finding none: the code was this realm's.
        Assert.True(exchange.Status == 200 || exchange.Text("error") == "unauthorized_client", exchange.Body);
    }
}
