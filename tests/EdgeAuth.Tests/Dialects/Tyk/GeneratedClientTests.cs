using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>The ten operations of the generated clients, in every form of path that one of them or a server has used.</summary>
public sealed class GeneratedClientTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string> Slashes => ["", "/"];

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task CreateOAuthClient_AnswersTheClient(string slash)
    {
        var answer = await SendAsync("POST", "/tyk/oauth/clients/create" + slash, TestGateway.Json("""{"api_id":"orders","redirect_uri":"http://app.example/cb","description":"d","meta_data":{"a":[1]},"policy_id":"silver"}"""));

        answer.ShouldBeJson(200);
        Assert.Equal(["client_id", "redirect_uri", "policy_id", "secret", "meta_data", "description"], answer.Json.Names());
        Assert.Equal("silver", answer.Text("policy_id"));
        Assert.Equal("""{"a":[1]}""", answer.Json.GetProperty("meta_data").GetRawText());
    }

    [Theory]
    [InlineData("/tyk/oauth/authorize-client/")]
    [InlineData("/tyk/oauth/authorize-client")]
    [InlineData("/orders/tyk/oauth/authorize-client/")]
    [InlineData("/orders/tyk/oauth/authorize-client")]
    public async Task AuthorizeClient_AnswersTheCode(string path)
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = await SendAsync("POST", path, TestGateway.Form(
            ("response_type", "code"), ("client_id", client.Id), ("redirect_uri", client.RedirectUri), ("key_rules", Definitions.Session(["orders"]).ToJsonString())));

        Assert.Equal(["code", "redirect_to"], answer.ShouldBeJson(200).Json.Names());
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task ListOAuthClients_AnswersAnArrayWithTheClient(string slash)
    {
        var client = await Gateway.CreateClientAsync("billing");

        var answer = (await SendAsync("GET", "/tyk/oauth/clients/billing" + slash)).ShouldBeJson(200);

        var entry = Assert.Single(answer.Json.EnumerateArray(), entry => entry.GetProperty("client_id").GetString() == client.Id);
        Assert.Equal(["client_id", "redirect_uri", "secret", "meta_data", "description"], entry.Names());
        Assert.Equal(client.Secret, entry.GetProperty("secret").GetString());
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task GetOAuthClient_AnswersTheClient(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = (await SendAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}{slash}")).ShouldBeJson(200);

        Assert.Equal((client.Id, client.Secret, client.RedirectUri), (answer.Text("client_id"), answer.Text("secret"), answer.Text("redirect_uri")));
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task UpdateOAuthClient_AnswersAnArray_WhenNoClientIsInThePath(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders");

        // The generated client has no way to send a body here.
        var listed = (await SendAsync("PUT", "/tyk/oauth/clients/orders" + slash)).ShouldBeJson(200);
        var updated = (await SendAsync("PUT", "/tyk/oauth/clients/orders" + slash, TestGateway.Json(new JsonObject { ["client_id"] = client.Id, ["redirect_uri"] = "http://other.example" }.ToJsonString()))).ShouldBeJson(200);

        Assert.Contains(listed.Json.EnumerateArray(), entry => entry.GetProperty("client_id").GetString() == client.Id);
        Assert.Equal("http://other.example", Assert.Single(updated.Json.EnumerateArray()).GetProperty("redirect_uri").GetString());
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task UpdateOAuthClient_AnswersTheClient_WhenItIsInThePath(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = (await SendAsync("PUT", $"/tyk/oauth/clients/orders/{client.Id}{slash}", TestGateway.Json("""{"redirect_uri":"http://other.example"}"""))).ShouldBeJson(200);

        Assert.Equal("http://other.example", answer.Text("redirect_uri"));
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task GetOAuthClientTokens_AnswersObjects(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        var all = (await SendAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens{slash}")).ShouldBeJson(200);
        var page = (await SendAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens{slash}?page=1")).ShouldBeJson(200);

        var entry = Assert.Single(all.Json.EnumerateArray());
        Assert.Equal(["code", "expires"], entry.Names());
        Assert.Equal(Hashes.Of(token), entry.GetProperty("code").GetString());
        Assert.Equal(["Pagination", "Tokens"], page.Json.Names());
        Assert.Equal(["page_num", "page_total", "page_size"], page.Json.GetProperty("Pagination").Names());
    }

    [Theory]
    [InlineData("/tyk/oauth/refresh/{0}?api_id=orders")]
    [InlineData("/tyk/oauth/refresh/{0}/?api_id=orders")]
    [InlineData("/tyk/oauth/refresh/orders/{0}")]
    [InlineData("/tyk/oauth/refresh/orders/{0}/")]
    public async Task InvalidateOAuthRefresh_EndsTheRefreshToken(string path)
    {
        var client = await Gateway.CreateClientAsync("orders");
        var refresh = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");

        (await SendAsync("DELETE", string.Format(path, refresh))).ShouldBeModified(refresh, "deleted");

        (await Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", refresh))).ShouldBeOAuthError(400, "invalid_grant");
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task RevokeSingleToken_AnswersAStatusMessage(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await SendAsync("POST", "/tyk/oauth/revoke" + slash, TestGateway.Form(("token", "t"), ("client_id", client.Id)))).ShouldSucceed("token revoked successfully");
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task RevokeAllTokens_AnswersAStatusMessage(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await SendAsync("POST", "/tyk/oauth/revoke_all" + slash, TestGateway.Form(("client_id", client.Id), ("client_secret", client.Secret)))).ShouldSucceed("tokens revoked successfully");
    }

    [Theory]
    [MemberData(nameof(Slashes))]
    public async Task DeleteOAuthClient_AnswersDeleted(string slash)
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await SendAsync("DELETE", $"/tyk/oauth/clients/orders/{client.Id}{slash}")).ShouldBeModified(client.Id, "deleted");
    }

    // As the generated clients send: the media type asked for is always JSON.
    private async Task<Answer> SendAsync(string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Add("X-Tyk-Authorization", TestGateway.Secret);
        request.Headers.Add("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "OpenAPI-Generator/1.0.0/go");
        return await Gateway.SendAsync(request);
    }
}
