using System.Text.Json;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>The access tokens of a client are listed, whole or by pages (spec a.8).</summary>
public sealed class ClientTokenTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task List_ShowsAccessTokensOnly_AscendingByExpiry()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        var tokens = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            tokens.Add((await Gateway.IssueAsync("orders", client)).Text("access_token"));
            await Gateway.AuthorizeAsync("orders", client);
            Gateway.Time.Advance(TimeSpan.FromSeconds(10));
        }

        var listed = await ListAsync(client);

        Assert.Equal(tokens.Select(Hashes.Of), listed.Select(static entry => entry.GetProperty("code").GetString()));
        var expires = listed.Select(static entry => entry.GetProperty("expires").GetInt64()).ToList();
        Assert.Equal([expires[0], expires[0] + 10, expires[0] + 20], expires);
        Assert.Equal(Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 3600 - 30, expires[0]);
    }

    [Fact]
    public async Task Codes_AreAcceptedAsHashes()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        var token = (await Gateway.IssueAsync("orders", client)).Text("access_token");
        var code = (await ListAsync(client))[0].GetProperty("code").GetString();

        var shown = (await Gateway.ManageAsync("GET", $"/tyk/keys/{code}?hashed=true")).ShouldBe(200);

        Assert.Equal(shown.Body, (await Gateway.ManageAsync("GET", "/tyk/keys/" + token)).Body);
    }

    [Fact]
    public async Task ExpiredTokens_LeaveTheList()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        await Gateway.IssueAsync("orders", client);
        Gateway.Time.Advance(TimeSpan.FromSeconds(3000));
        var later = (await Gateway.IssueAsync("orders", client)).Text("access_token");

        Gateway.Time.Advance(TimeSpan.FromSeconds(601));

        Assert.Equal(Hashes.Of(later), Assert.Single(await ListAsync(client)).GetProperty("code").GetString());
        Assert.Equal(1, (await PageAsync(client, "1")).Json.GetProperty("Tokens").GetArrayLength());
    }

    [Fact]
    public async Task Pages_AreOf100_WithTheRightExpiries()
    {
        var client = await Gateway.CreateClientAsync("billing", policy: "silver");
        for (var i = 0; i < 205; i++)
        {
            (await Gateway.TokenAsync("billing", client, ("grant_type", "client_credentials"))).ShouldBe(200);
            Gateway.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var all = await ListAsync(client, "billing");
        var pages = new List<JsonElement>();
        foreach (var number in new[] { 1, 2, 3 })
        {
            var page = (await PageAsync(client, number.ToString(), "billing")).ShouldBeJson(200);
            Assert.Equal($"{{\"page_num\":{number},\"page_total\":3,\"page_size\":100}}", page.Json.GetProperty("Pagination").GetRawText());
            pages.AddRange(page.Json.GetProperty("Tokens").EnumerateArray());
        }

        Assert.Equal(205, all.Count);
        Assert.Equal(all.Select(static entry => entry.GetRawText()), pages.Select(static entry => entry.GetRawText()));
        Assert.Equal("""{"Pagination":{"page_num":4,"page_total":3,"page_size":100},"Tokens":[]}""" + "\n", (await PageAsync(client, "4", "billing")).Body);
        Assert.Equal("""{"Pagination":{"page_num":2147483647,"page_total":3,"page_size":100},"Tokens":[]}""" + "\n", (await PageAsync(client, "2147483647", "billing")).Body);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("1.5")]
    [InlineData("%20")]
    public async Task Page_IsTheFirst_WhenItIsNoNumber(string page)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        await Gateway.IssueAsync("orders", client);

        var answer = (await PageAsync(client, page)).ShouldBeJson(200);

        Assert.Equal("""{"page_num":1,"page_total":1,"page_size":100}""", answer.Json.GetProperty("Pagination").GetRawText());
        Assert.Equal(1, answer.Json.GetProperty("Tokens").GetArrayLength());
    }

    [Fact]
    public async Task List_IsEmpty_WithoutTokensOrWithoutSuchAClient()
    {
        var client = await Gateway.CreateClientAsync("orders");

        foreach (var id in new[] { client.Id, "nobody" })
        {
            Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{id}/tokens")).ShouldBeJson(200).Body);
            Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{id}/tokens?page=")).ShouldBeJson(200).Body);
            Assert.Equal("""{"Pagination":{"page_num":1,"page_total":0,"page_size":100},"Tokens":[]}""" + "\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{id}/tokens?page=1")).ShouldBeJson(200).Body);
        }
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("stock")]
    public async Task List_Fails_WhenTheApiIssuesNoTokens(string api) =>
        (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/c/tokens?page=1")).ShouldFail(404, "OAuth Client ID not found");

    [Fact]
    public async Task List_IsOfOneApi()
    {
        var created = (await Gateway.ManageAsync("POST", "/tyk/oauth/clients/create", TestGateway.Json("""{"policy_id":"silver","redirect_uri":"http://app.example/cb"}"""))).ShouldBe(200);
        var client = new OAuthClient(created.Text("client_id"), created.Text("secret"), "http://app.example/cb");
        await Gateway.IssueAsync("orders", client);

        Assert.Single(await ListAsync(client));
        Assert.Empty(await ListAsync(client, "billing"));
    }

    private async Task<List<JsonElement>> ListAsync(OAuthClient client, string api = "orders") =>
        [.. (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens")).ShouldBeJson(200).Json.EnumerateArray()];

    private Task<Answer> PageAsync(OAuthClient client, string page, string api = "orders") => Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens?page={page}");
}
