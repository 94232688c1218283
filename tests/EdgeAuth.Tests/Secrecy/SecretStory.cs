using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Secrecy;

/// <summary>Everything that handles a secret, once well and once badly. Each step remembers the secrets that it used.</summary>
internal sealed class SecretStory(TestGateway gateway, Secrets secrets)
{
    private const string Redirect = "http://app.example/cb";

    private string Query => "q=" + secrets.New("query");

    public async Task TellAsync()
    {
        secrets.Add("management secret", TestGateway.Secret);
        await KeysAsync();
        var client = await ClientsAsync();
        await GrantsAsync(client);
        await CallsAsync();
        await BadManagementAsync();
        await BadTokenRequestsAsync(client);
        await EndAsync(client);
    }

    private async Task KeysAsync()
    {
        var key = secrets.Add("key", await gateway.CreateKeyAsync(Rights()));
        var custom = secrets.New("custom key");
        (await gateway.ManageAsync("POST", $"/tyk/keys/{custom}?{Query}", Rights())).ShouldBe(200);
        var user = secrets.New("password");
        (await gateway.ManageAsync("POST", "/tyk/keys/ann", User(user))).ShouldBe(200);
        foreach (var id in new[] { key, "org1" + custom })
        {
            (await gateway.ManageAsync("GET", $"/tyk/keys/{id}?{Query}")).ShouldBe(200);
        }

        (await gateway.ManageAsync("PUT", "/tyk/keys/" + key, Rights("""{"alias":"renamed"}"""))).ShouldBe(200);
        (await gateway.CallAsync("/stock/x?" + Query, key)).ShouldBe(200);
        (await gateway.CallAsync("/stock/x", "org1" + custom)).ShouldBe(200);
        (await gateway.CallAsync($"/stock/x?token={key}&{Query}")).ShouldBe(200);
        (await SendAsync("/stock/x", "Cookie", "token=" + key)).ShouldBe(200);
        (await gateway.ManageAsync("DELETE", $"/tyk/keys/{key}?{Query}")).ShouldBe(200);
        (await gateway.CallAsync("/stock/x", key)).ShouldBe(401);
    }

    private async Task<OAuthClient> ClientsAsync()
    {
        var client = secrets.Add(await gateway.CreateClientAsync("orders", policy: "plan"));
        var chosen = secrets.New("chosen secret");
        secrets.Add(await gateway.CreateClientAsync("orders", more: new JsonObject { ["client_id"] = "chosen", ["secret"] = chosen }));
        (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders")).ShouldBe(200);
        (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/chosen?" + Query)).ShouldBe(200);
        (await gateway.ManageAsync("PUT", "/tyk/oauth/clients/orders/chosen", new JsonObject { ["redirect_uri"] = Redirect, ["secret"] = secrets.New("ignored secret") })).ShouldBe(200);
        return client;
    }

    private async Task GrantsAsync(OAuthClient client)
    {
        var state = secrets.New("state");
        var code = secrets.Add("code", await gateway.AuthorizeAsync("orders", client, Rights(), ("state", state)));
        var first = Remember(await gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri)));
        (await gateway.CallAsync("/orders/x?" + Query, first.Text("access_token"))).ShouldBe(200);
        var second = Remember(await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", first.Text("refresh_token"))));
        Remember(await gateway.TokenAsync("orders", client, ("grant_type", "client_credentials")));
        var login = secrets.New("login");
        (await gateway.ManageAsync("POST", "/tyk/keys/bob", User(login))).ShouldBe(200);
        Remember(await gateway.TokenAsync("orders", client, ("grant_type", "password"), ("username", "bob"), ("password", login)));
        var implicitly = await gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/?" + Query, TestGateway.Form(
            ("response_type", "token"), ("client_id", client.Id), ("redirect_uri", client.RedirectUri), ("key_rules", Rights().ToJsonString())));
        secrets.Add("implicit token", implicitly.ShouldBe(200).Text("access_token"));
        (await gateway.CallAsync($"/orders/oauth/authorize/?response_type=code&client_id={client.Id}&redirect_uri={Redirect}&state={secrets.New("state")}")).ShouldBe(307);
        (await gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens?{Query}")).ShouldBe(200);

        // A code and a refresh token used twice end their grant.
        (await gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBe(400);
        (await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", second.Text("refresh_token")))).ShouldBe(400);
    }

    private async Task CallsAsync()
    {
        foreach (var api in new[] { "orders", "stock", "attic" })
        {
            (await gateway.CallAsync($"/{api}/x?{Query}", secrets.New("unknown token"))).ShouldBe(api == "attic" ? 403 : 401);
            (await SendAsync($"/{api}/x?token={secrets.New("unknown parameter")}", "X-Other", "y")).ShouldBe(api == "attic" ? 403 : 401);
            await SendAsync($"/{api}/x", "Cookie", "token=" + secrets.New("unknown cookie"));
            await SendAsync($"/{api}/x", "Authorization", secrets.New("bare credential"));
            await SendAsync($"/{api}/x", "Authorization", "Bearer a b " + secrets.New("malformed credential"));
            await SendAsync($"/{api}/x", "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("a:" + secrets.New("basic"))));
            await SendAsync($"/{secrets.New("lost path")}/{api}?{Query}", "X-Other", "y");
        }

        // What the server itself refuses.
        foreach (var broken in new[] { "GET /stock/x?token={0} y HTTP/1.1", "GET /stock/{0}/%zz HTTP/1.1\nHost: x", "GET /stock/x HTTP/1.1\nHost: x\nAuthorization {0}", "{0} /stock/x HTTP/9.9" })
        {
            await RawHttp.SendAsync(gateway.Url, string.Format(System.Globalization.CultureInfo.InvariantCulture, broken, secrets.New("broken request")));
        }

        // An upstream that is not there, asked with a good key.
        var key = secrets.Add("key", await gateway.CreateKeyAsync(Rights("""{"rate":1,"per":60}""")));
        (await gateway.CallAsync($"/dead/x?token={key}&{Query}")).ShouldBe(502);
        (await gateway.CallAsync("/dead/x", key)).ShouldBe(429);
    }

    private async Task BadManagementAsync()
    {
        foreach (var path in new[] { "/tyk/keys/create", "/tyk/keys", "/tyk/keys/" + secrets.New("custom key"), "/tyk/oauth/clients/create", "/tyk/oauth/revoke", "/tyk/oauth/revoke_all", "/tyk/oauth/authorize-client" })
        {
            (await SendAsync(path, "X-Tyk-Authorization", secrets.New("wrong management secret"))).ShouldBe(403);
            await gateway.ManageAsync("POST", $"{path}?{Query}", TestGateway.Json($$"""{"secret":"{{secrets.New("in broken json")}}","basic_auth_data":{"password":"{{secrets.New("in broken json")}}"}"""));
            await gateway.ManageAsync("POST", path, TestGateway.Json($$"""{"secret":["{{secrets.New("wrong type")}}"],"rate":"{{secrets.New("wrong type")}}"}"""));
            await gateway.ManageAsync("POST", path, TestGateway.Form(("token", secrets.New("unknown")), ("client_secret", secrets.New("unknown")), ("client_id", "nobody"), ("key_rules", "{\"x\":\"" + secrets.New("broken rules"))));
            await gateway.ManageAsync("POST", path, new StringContent("client_secret=" + secrets.New("broken form") + "&%zz", Encoding.UTF8, "application/x-www-form-urlencoded"));
            await gateway.ManageAsync("POST", path, new StringContent("--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" + secrets.New("broken multipart"), MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b")));
            await gateway.ManageAsync("DELETE", $"{path}/{secrets.New("in the path")}?{Query}");
        }

        (await gateway.ManageAsync("GET", "/tyk/keys/" + secrets.New("unknown key"))).ShouldBe(404);
        (await gateway.ManageAsync("DELETE", "/tyk/keys/" + secrets.New("unknown key"))).ShouldBe(404);
        (await gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{secrets.New("unknown refresh token")}?api_id=orders")).ShouldBe(200);
    }

    private async Task BadTokenRequestsAsync(OAuthClient client)
    {
        await gateway.TokenAsync("orders", secrets.Add(client with { Secret = secrets.New("wrong secret") }), ("grant_type", "client_credentials"));
        await gateway.TokenAsync("orders", secrets.Add(new OAuthClient("nobody", secrets.New("nobody's secret"), Redirect)), ("grant_type", "client_credentials"));
        await gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", secrets.New("unknown code")), ("redirect_uri", Redirect));
        await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", secrets.New("unknown refresh token")));
        await gateway.TokenAsync("orders", client, ("grant_type", "password"), ("username", "bob"), ("password", secrets.New("wrong password")));
        await gateway.TokenAsync("orders", client, ("grant_type", secrets.New("grant type")));
        foreach (var body in new HttpContent[]
        {
            TestGateway.Json($$"""{"client_secret":"{{secrets.New("broken json")}}" """),
            TestGateway.Json($$"""{"client_secret":{"a":"{{secrets.New("wrong type")}}" } }"""),
            TestGateway.Form(("client_id", client.Id), ("client_secret", secrets.New("wrong secret")), ("grant_type", "client_credentials")),
            TestGateway.Form(("client_id", client.Id), ("client_id", secrets.New("twice")), ("grant_type", "client_credentials")),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/orders/oauth/token/?" + Query) { Content = body };
            Assert.InRange((await gateway.SendAsync(request)).Status, 400, 499);
        }

        await gateway.CallAsync($"/orders/oauth/token/?client_id={client.Id}&client_secret={secrets.New("in the query")}&grant_type=client_credentials", method: "POST");
        await SendAsync("/orders/oauth/token/", "Authorization", "Basic %%" + secrets.New("broken basic"), "POST");
    }

    private async Task EndAsync(OAuthClient client)
    {
        var tokens = Remember(await gateway.IssueAsync("orders", client, Rights()));
        (await gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{tokens.Text("refresh_token")}?api_id=orders")).ShouldBe(200);
        tokens = Remember(await gateway.IssueAsync("orders", client, Rights()));
        (await gateway.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", tokens.Text("access_token")), ("client_id", client.Id)))).ShouldBe(200);
        tokens = Remember(await gateway.IssueAsync("orders", client, Rights()));
        using var own = new HttpRequestMessage(HttpMethod.Post, "/orders/oauth/revoke") { Content = TestGateway.Form(("token", tokens.Text("refresh_token"))) };
        (await gateway.SendAsync(own)).ShouldBe(200);
        (await gateway.ManageAsync("POST", "/tyk/oauth/revoke_all", TestGateway.Form(("client_id", client.Id), ("client_secret", client.Secret)))).ShouldBe(200);
        (await gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + client.Id)).ShouldBe(200);
        (await gateway.CallAsync("/orders/x", tokens.Text("access_token"))).ShouldBe(401);
    }

    private Answer Remember(Answer answer)
    {
        secrets.Add("access token", answer.ShouldBe(200).Text("access_token"));
        if (answer.Json.TryGetProperty("refresh_token", out var refresh))
        {
            secrets.Add("refresh token", refresh.GetString()!);
        }

        return answer;
    }

    private async Task<Answer> SendAsync(string path, string header, string value, string method = "GET")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation(header, value);
        return await gateway.SendAsync(request);
    }

    private static JsonObject User(string password) => Rights().With("basic_auth_data.password", password);

    private static JsonObject Rights(string? more = null) => Definitions.Session(["orders", "stock", "attic", "dead"], more);
}
