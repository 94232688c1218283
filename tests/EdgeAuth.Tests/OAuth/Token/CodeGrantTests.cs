using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>The exchange of authorization codes (spec b.3; RFC 6749 section 4.1; RFC 7636).</summary>
public sealed class CodeGrantTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string, int> Styles => new() { { "orders", 400 }, { "vintage", 403 } };

    // Tyk unescapes the authorization request's once more than the form does (spec a.3).
    [Theory]
    [InlineData("http%3A%2F%2Fapp.example%2Fcb%2Fdone", "http://app.example/cb/done?")]
    [InlineData("http://app.example/cb?next=a%2Fb", "http://app.example/cb?")]
    [InlineData("http://app.example/cb", "http://app.example/cb?")]
    public async Task RedirectUri_IsTheSame_HoweverItIsEscaped(string sent, string begins)
    {
        var client = await Gateway.CreateClientAsync("orders", redirect: "http://app.example/cb");
        var authorized = (await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(
            ("response_type", "code"), ("client_id", client.Id), ("redirect_uri", sent), ("key_rules", Definitions.Session(["orders"]).ToJsonString())))).ShouldBe(200);

        Assert.StartsWith(begins, authorized.Text("redirect_to"), StringComparison.Ordinal);
        (await Gateway.ExchangeAsync("orders", client, authorized.Text("code"), ("redirect_uri", sent))).ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Code_MustBeOneOfThisClientAndApi(string api, int status)
    {
        var (client, other) = (await Gateway.CreateClientAsync(api), await Gateway.CreateClientAsync(api));
        var elsewhere = await Gateway.CreateClientAsync("billing", more: new() { ["client_id"] = client.Id, ["secret"] = client.Secret });
        var code = await Gateway.AuthorizeAsync(api, client, Definitions.Session([api]));

        (await Gateway.TokenAsync(api, client, ("grant_type", "authorization_code"))).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.ExchangeAsync(api, client, "never-was")).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.ExchangeAsync(api, other, code)).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.ExchangeAsync("billing", elsewhere, code)).ShouldBeOAuthError(400, "invalid_grant");

        // None of these spent it.
        (await Gateway.ExchangeAsync(api, client, code)).ShouldBe(200);
    }

    [Theory]
    [InlineData("orders", 400, "invalid_grant")]
    [InlineData("vintage", 403, "invalid_request")]
    public async Task RedirectUri_MustBeTheOneOfTheAuthorization_AndAMismatchLeavesTheCode(string api, int status, string id)
    {
        var client = await Gateway.CreateClientAsync(api, redirect: "http://app.example/cb");
        var code = await Gateway.AuthorizeAsync(api, client with { RedirectUri = "http://app.example/cb/deep" }, Definitions.Session([api]));

        (await Gateway.ExchangeAsync(api, client, code)).ShouldBeOAuthError(status, id);
        (await Gateway.ExchangeAsync(api, client, code, ("redirect_uri", "http://app.example/cb"))).ShouldBeOAuthError(status, id);
        (await Gateway.ExchangeAsync(api, client, code, ("redirect_uri", "http://evil.example/"))).ShouldBeOAuthError(status, id);
        (await Gateway.ExchangeAsync(api, client, code, ("redirect_uri", "http://app.example/cb/deep"))).ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Client_IsUnauthorized_WhenItLostItsRedirectUri(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);
        var code = await Gateway.AuthorizeAsync(api, client, Definitions.Session([api]));
        await Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/{api}/{client.Id}", new JsonObject { ["redirect_uri"] = "" });

        (await Gateway.ExchangeAsync(api, client, code, ("redirect_uri", client.RedirectUri))).ShouldBeOAuthError(status, "unauthorized_client");
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Challenge_AsksForItsVerifier(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);

        // The pair of RFC 7636, appendix B.
        var code = await Gateway.AuthorizeAsync(api, client, Definitions.Session([api]), ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256"));

        (await Gateway.ExchangeAsync(api, client, code)).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.ExchangeAsync(api, client, code, ("code_verifier", ""))).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.ExchangeAsync(api, client, code, ("code_verifier", Verifier + "x"))).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.ExchangeAsync(api, client, code, ("code_verifier", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"))).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.ExchangeAsync(api, client, code, ("code_verifier", Verifier))).ShouldBe(200);
    }

    [Fact]
    public async Task Verifier_WithoutAChallenge_IsRefused()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var code = await Gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"]));

        (await Gateway.ExchangeAsync("orders", client, code, ("code_verifier", Verifier))).ShouldBeOAuthError(400, "invalid_grant");
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Replay_EndsWhatTheFirstUseGot(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);
        var code = await Gateway.AuthorizeAsync(api, client, Definitions.Session([api]));
        var first = (await Gateway.ExchangeAsync(api, client, code)).ShouldBe(200);
        var second = (await Gateway.RefreshAsync(api, client, first.Text("refresh_token"))).ShouldBe(200);
        (await Gateway.CallAsync($"/{api}/x", second.Text("access_token"))).ShouldBe(200);

        (await Gateway.ExchangeAsync(api, client, code)).ShouldBeOAuthError(status, "invalid_grant");

        var call = await Gateway.CallAsync($"/{api}/x", second.Text("access_token"));
        _ = api == "vintage" ? call.ShouldBeTykRefusal(403, "Key not authorised") : call.ShouldBeRefused(401, "credential_unknown");
        (await Gateway.RefreshAsync(api, client, second.Text("refresh_token"))).ShouldBeOAuthError(status, "invalid_grant");
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens")).Body);
    }

    [Fact]
    public async Task CodeUsedByAnotherClient_EndsNothing()
    {
        var (client, thief) = (await Gateway.CreateClientAsync("orders"), await Gateway.CreateClientAsync("orders"));
        var code = await Gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"]));
        var token = (await Gateway.ExchangeAsync("orders", client, code)).ShouldBe(200).Text("access_token");

        (await Gateway.ExchangeAsync("orders", thief, code)).ShouldBeOAuthError(400, "invalid_grant");

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Policy_IsThatOfTheExchange_NotOfTheAuthorization()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "bronze");
        var code = await Gateway.AuthorizeAsync("orders", client);
        await Gateway.ManageAsync("PUT", "/tyk/oauth/clients/orders/" + client.Id, new JsonObject { ["redirect_uri"] = client.RedirectUri, ["policy_id"] = "silver" });

        var token = (await Gateway.ExchangeAsync("orders", client, code)).ShouldBe(200).Text("access_token");

        Assert.Equal("silver", (await Gateway.SessionAsync(token)).GetProperty("apply_policies")[0].GetString());
    }

    [Fact]
    public async Task ClientData_IsCopied_TheSessionsOwnWinning()
    {
        var client = await Gateway.CreateClientAsync("orders", more: new() { ["meta_data"] = JsonNode.Parse("""{"tier":"client","region":{"a":[1,null]}}""") });
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"], """{"meta_data":{"tier":"session","own":1}}"""))).Text("access_token");

        var data = (await Gateway.SessionAsync(token)).GetProperty("meta_data");

        Assert.Equal(("session", 1, """{"a":[1,null]}"""), (data.GetProperty("tier").GetString(), data.GetProperty("own").GetInt32(), data.GetProperty("region").GetRawText()));
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[1]")]
    [InlineData("7")]
    public async Task ClientData_ThatIsNoObject_IsNotCopied(string data)
    {
        var client = await Gateway.CreateClientAsync("orders", more: new() { ["meta_data"] = JsonNode.Parse(data) });

        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"], """{"meta_data":{"own":1}}"""))).Text("access_token");

        Assert.Equal("""{"own":1}""", (await Gateway.SessionAsync(token)).GetProperty("meta_data").GetRawText());
    }
}
