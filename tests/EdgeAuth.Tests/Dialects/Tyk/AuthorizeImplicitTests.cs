using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Implicit tokens: their answer, their fragment, their place among the client's tokens (spec a.3).</summary>
public sealed class AuthorizeImplicitTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Token_IsAnsweredWithFourMembers_WhenNothingElseWasSent()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = (await AuthorizeAsync(client)).ShouldBeJson(200);

        var token = answer.Text("access_token");
        Assert.Matches("^org1[0-9a-f]{32}$", token);
        Assert.Equal($"{{\"access_token\":\"{token}\",\"expires_in\":3600,\"redirect_to\":\"http://app.example/cb#access_token={token}&expires_in=3600&token_type=bearer\",\"token_type\":\"bearer\"}}\n", answer.Body);
    }

    [Fact]
    public async Task ScopeAndState_AreEchoed_InTheAnswerAndInTheFragment()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = (await AuthorizeAsync(client, ("scope", "read write"), ("state", "xyz"))).ShouldBeJson(200);

        Assert.Equal(["access_token", "expires_in", "redirect_to", "scope", "state", "token_type"], answer.Json.Names());
        Assert.Equal($"http://app.example/cb#access_token={answer.Text("access_token")}&expires_in=3600&scope=read%20write&state=xyz&token_type=bearer", answer.Text("redirect_to"));
    }

    [Theory]
    [InlineData("a=b==", "a=b==")]
    [InlineData("a&b", "a%26b")]
    [InlineData("a#b", "a%23b")]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("a%26b", "a%2526b")]
    [InlineData("a b", "a%20b")]
    [InlineData("/path?x=1", "/path?x=1")]
    [InlineData("é", "%C3%A9")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    public async Task State_IsEncodedInTheFragment_OnlyWhereItWouldEndTheValue(string state, string encoded)
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = (await AuthorizeAsync(client, ("state", state))).ShouldBe(200);

        Assert.Equal(state, answer.Text("state"));
        Assert.EndsWith($"&state={encoded}&token_type=bearer", answer.Text("redirect_to"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_HasNoRefreshToken_AndIsListed()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var token = (await AuthorizeAsync(client)).ShouldBe(200).Text("access_token");

        var listed = (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens")).ShouldBe(200).Json.EnumerateArray().Single();
        Assert.Equal(Hashes.Of(token), listed.GetProperty("code").GetString());
        Assert.Equal(Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 3600, listed.GetProperty("expires").GetInt64());
        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Token_IsOfTheOrganisationOfItsSession()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(
            ("response_type", "token"), ("client_id", client.Id), ("key_rules", """{"org_id":"another"}""")));

        Assert.StartsWith("another", answer.ShouldBe(200).Text("access_token"), StringComparison.Ordinal);
        (await Gateway.CallAsync("/orders/x", answer.Text("access_token"))).ShouldBe(200);
    }

    [Fact]
    public async Task Token_IsACredential_ThoughItsRulesHaveASecretOfJwts()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(
            ("response_type", "token"), ("client_id", client.Id), ("key_rules", """{"jwt_data":{"secret":"a secret to verify tokens with"}}""")));

        (await Gateway.CallAsync("/orders/x", answer.ShouldBe(200).Text("access_token"))).ShouldBe(200);
        Assert.False((await Gateway.ManageAsync("GET", "/tyk/keys/" + answer.Text("access_token"))).ShouldBe(200).Json.TryGetProperty("jwt_data", out _));
    }

    [Fact]
    public async Task Token_FailsAtOnce_WhenThereAreNeitherRulesNorPolicy()
    {
        foreach (var (api, status, id) in new[] { ("orders", 400, "unauthorized_client"), ("vintage", 403, "server_error") })
        {
            var client = await Gateway.CreateClientAsync(api);

            var answer = await Gateway.ManageAsync("POST", $"/{api}/tyk/oauth/authorize-client/", TestGateway.Form(("response_type", "token"), ("client_id", client.Id), ("state", "s")));

            answer.ShouldBeOAuthError(status, id);
            Assert.Equal("s", answer.Text("state"));
            Assert.StartsWith($"http://app.example/cb?error={id}&error_description=", answer.Text("redirect_to"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Type_IsRefused_WhenTheApiDoesNotAllowIt()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            Definitions.OAuth("codes", upstream).With("oauth_meta.allowed_authorize_types", new[] { "code" }),
            Definitions.OAuth("none", upstream).With("oauth_meta.allowed_authorize_types", Array.Empty<string>()),
        ]);

        foreach (var (api, type) in new[] { ("codes", "token"), ("none", "code"), ("none", "token") })
        {
            var client = await gateway.CreateClientAsync(api);
            var answer = await gateway.ManageAsync("POST", $"/{api}/tyk/oauth/authorize-client/", TestGateway.Form(("response_type", type), ("client_id", client.Id)));
            answer.ShouldBeOAuthError(400, "unsupported_response_type");
        }
    }

    [Fact]
    public async Task Lifetime_IsTheRealms_InEveryPlace()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("brief", upstream).With("oauth_meta.access_token_lifetime", "90s")]);
        var client = await gateway.CreateClientAsync("brief");

        var answer = await gateway.ManageAsync("POST", "/brief/tyk/oauth/authorize-client/", TestGateway.Form(("response_type", "token"), ("client_id", client.Id), ("key_rules", "{}")));

        Assert.Equal(90, answer.ShouldBe(200).Json.GetProperty("expires_in").GetInt64());
        Assert.Contains("&expires_in=90&", answer.Text("redirect_to"), StringComparison.Ordinal);
        gateway.Time.Advance(TimeSpan.FromSeconds(90));
        (await gateway.CallAsync("/brief/x", answer.Text("access_token"))).ShouldBe(200);
        gateway.Time.Advance(TimeSpan.FromSeconds(1));
        (await gateway.CallAsync("/brief/x", answer.Text("access_token"))).ShouldBeRefused(401, "credential_expired");
    }

    private Task<Answer> AuthorizeAsync(OAuthClient client, params (string Name, string Value)[] fields) =>
        Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(
            [("response_type", "token"), ("client_id", client.Id), ("redirect_uri", client.RedirectUri), ("key_rules", new JsonObject { ["org_id"] = "org1" }.ToJsonString()), .. fields]));
}
