using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>What a token request may look like, and the grants it may ask for (spec b.2, b.3).</summary>
public sealed class TokenRequestTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Json_IsRead_AsAFlatObject()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var code = await Gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"]), ("scope", "read"));

        var answer = (await JsonAsync("orders", client, $$"""{"grant_type":"authorization_code","code":"{{code}}","redirect_uri":"{{client.RedirectUri}}"}""")).ShouldBeJson(200);

        Assert.Equal(["access_token", "expires_in", "refresh_token", "scope", "token_type"], answer.Json.Names());
        Assert.Equal("read", answer.Text("scope"));
        (await JsonAsync("orders", null, $$"""{"grant_type":"refresh_token","refresh_token":"{{answer.Text("refresh_token")}}","client_id":"{{client.Id}}","client_secret":"{{client.Secret}}"}""")).ShouldBe(200);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""{"grant_type":1}""")]
    [InlineData("""{"grant_type":["client_credentials"]}""")]
    [InlineData("""{"grant_type":{"a":"b"}}""")]
    public async Task Json_IsRefused_WhenItIsNoFlatObjectOfTexts(string body)
    {
        foreach (var (api, status) in new[] { ("orders", 400), ("vintage", 403) })
        {
            (await JsonAsync(api, await Gateway.CreateClientAsync(api, policy: "silver"), body)).ShouldBeOAuthError(status, "invalid_request");
        }
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    public async Task FieldsReadAsEmpty_WhenTheMediaTypeIsAnother(string type)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        using var body = new StringContent("""{"grant_type":"client_credentials"}""");
        body.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        (await Gateway.PostTokenAsync("orders", TokenCalls.Basic($"{client.Id}:{client.Secret}"), body)).ShouldBeOAuthError(400, "unsupported_grant_type");
    }

    [Fact]
    public async Task Query_CountsToo_AfterTheForm()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        var basic = TokenCalls.Basic($"{client.Id}:{client.Secret}");
        using var nothing = TestGateway.Form();
        using var wrong = TestGateway.Form(("grant_type", "nonsense"));

        (await Gateway.PostTokenAsync("orders", basic, nothing, "?grant_type=client_credentials")).ShouldBe(200);
        (await Gateway.PostTokenAsync("orders", basic, wrong, "?grant_type=client_credentials")).ShouldBeOAuthError(400, "unsupported_grant_type");
    }

    [Fact]
    public async Task RepeatedParameter_IsRefused_InRfcStyleOnly()
    {
        foreach (var (api, status) in new[] { ("orders", 400), ("vintage", 200) })
        {
            var client = await Gateway.CreateClientAsync(api, policy: "silver");
            using var form = TestGateway.Form(("grant_type", "client_credentials"), ("grant_type", "nonsense"));

            var answer = (await Gateway.PostTokenAsync(api, TokenCalls.Basic($"{client.Id}:{client.Secret}"), form)).ShouldBe(status);

            Assert.Equal(status == 400, answer.Json.TryGetProperty("error", out var error) && error.GetString() is "invalid_request");
        }
    }

    [Theory]
    [InlineData("orders", 400)]
    [InlineData("vintage", 403)]
    public async Task GetAndBrokenForms_AreInvalidRequests(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api, policy: "silver");
        var basic = TokenCalls.Basic($"{client.Id}:{client.Secret}");
        using var get = new HttpRequestMessage(HttpMethod.Get, $"/{api}/oauth/token/?grant_type=client_credentials");
        get.Headers.TryAddWithoutValidation("Authorization", basic);
        using var broken = new StringContent("grant_type=client_credentials&scope=%zz", null, "application/x-www-form-urlencoded");

        (await Gateway.SendAsync(get)).ShouldBeOAuthError(status, "invalid_request");
        (await Gateway.PostTokenAsync(api, basic, broken)).ShouldBeOAuthError(status, "invalid_request");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task OtherMethods_AreNotSupported(string method)
    {
        (await Gateway.CallAsync("/orders/oauth/token/", method: method)).ShouldFail(405, "Method not supported");
        (await Gateway.CallAsync("/orders/oauth/authorize", method: method)).ShouldFail(405, "Method not supported");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("implicit")]
    [InlineData("assertion")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer")]
    [InlineData("Client_Credentials")]
    public async Task GrantType_IsUnsupported_WhenItIsNotKnown(string type)
    {
        foreach (var (api, status) in new[] { ("orders", 400), ("vintage", 403) })
        {
            var client = await Gateway.CreateClientAsync(api, policy: "silver");

            (await Gateway.TokenAsync(api, client, ("grant_type", type))).ShouldBeOAuthError(status, "unsupported_grant_type");
            (await Gateway.TokenAsync(api, client)).ShouldBeOAuthError(status, "unsupported_grant_type");
        }
    }

    [Theory]
    [InlineData("authorization_code")]
    [InlineData("refresh_token")]
    [InlineData("client_credentials")]
    [InlineData("password")]
    public async Task GrantType_IsUnsupported_WhereTheApiDoesNotListIt(string type)
    {
        await using var gateway = await TestGateway.StartAsync(upstream =>
        [
            Definitions.OAuth("most", upstream).With("oauth_meta.allowed_access_types", new[] { "authorization_code", "refresh_token", "client_credentials", "password" }.Where(name => name != type)),
            Definitions.OAuth("none", upstream).With("oauth_meta.allowed_access_types", Array.Empty<string>()),
        ]);

        foreach (var api in new[] { "most", "none" })
        {
            (await gateway.TokenAsync(api, await gateway.CreateClientAsync(api), ("grant_type", type))).ShouldBeOAuthError(400, "unsupported_grant_type");
        }
    }

    [Fact]
    public async Task CodeGrant_GivesARefreshToken_AlsoWhereItCannotBeUsed()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream).With("oauth_meta.allowed_access_types", new[] { "authorization_code" })]);
        var client = await gateway.CreateClientAsync("orders");

        var refresh = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");

        (await gateway.RefreshAsync("orders", client, refresh)).ShouldBeOAuthError(400, "unsupported_grant_type");
    }

    [Theory]
    [InlineData("/orders/oauth/token")]
    [InlineData("/orders/oauth/token/")]
    [InlineData("/ORDERS/oauth/token/")]
    public async Task Endpoint_IsFound_WithAndWithoutItsSlash(string path)
    {
        using var form = TestGateway.Form(("grant_type", "client_credentials"));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };

        (await Gateway.SendAsync(request)).ShouldBeOAuthError(400, "invalid_request");
    }

    private async Task<Answer> JsonAsync(string api, OAuthClient? client, string body)
    {
        using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new("application/json");
        return await Gateway.PostTokenAsync(api, client is null ? null : TokenCalls.Basic($"{client.Id}:{client.Secret}"), content);
    }
}
