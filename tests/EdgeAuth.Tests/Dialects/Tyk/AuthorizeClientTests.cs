using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>A user approved a client: what is answered, and what it leads to (spec a.3).</summary>
public sealed class AuthorizeClientTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private static readonly JsonObject Rules = Definitions.Session(["orders"], """{"rate":3,"per":10,"quota_max":5,"quota_renewal_rate":60,"alias":"Ann"}""");

    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Code_IsAnsweredAlone_WhenNothingElseWasSent()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = (await AuthorizeAsync(client, ("response_type", "code"))).ShouldBeJson(200);

        var code = answer.Text("code");
        Assert.Matches("^[A-Za-z0-9_-]{48}$", code);
        Assert.Equal($"{{\"code\":\"{code}\",\"redirect_to\":\"http://app.example/cb?code={code}\"}}\n", answer.Body);
    }

    [Fact]
    public async Task State_IsEchoed_InTheAnswerAndInTheQuery()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = (await AuthorizeAsync(client, ("response_type", "code"), ("state", "a b&c=d<é"))).ShouldBeJson(200);

        Assert.Equal(["code", "redirect_to", "state"], answer.Json.Names());
        Assert.Equal("a b&c=d<é", answer.Text("state"));
        Assert.Equal($"http://app.example/cb?code={answer.Text("code")}&state=a+b%26c%3Dd%3C%C3%A9", answer.Text("redirect_to"), ignoreCase: true);
    }

    [Fact]
    public async Task Parameters_AreReadFromTheQueryToo()
    {
        var client = await Gateway.CreateClientAsync("orders");

        var answer = await Gateway.ManageAsync("POST", $"/orders/tyk/oauth/authorize-client/?response_type=code&client_id={client.Id}&state=s1&redirect_uri=http%3A%2F%2Fapp.example%2Fcb");

        Assert.Equal("s1", answer.ShouldBe(200).Text("state"));
    }

    [Theory]
    [InlineData("http://client.oauth.com", "http://client.oauth.com?code=CODE")]
    [InlineData("http://client.oauth.com/", "http://client.oauth.com/?code=CODE")]
    [InlineData("http://app.example/cb?z=1&a=2", "http://app.example/cb?a=2&code=CODE&z=1")]
    [InlineData("http://app.example/cb?", "http://app.example/cb?code=CODE")]
    [InlineData("myapp://callback/done", "myapp://callback/done?code=CODE")]
    public async Task RedirectTo_KeepsTheUriAsRegistered(string registered, string expected)
    {
        var client = await Gateway.CreateClientAsync("orders", registered);

        var answer = (await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(("response_type", "code"), ("client_id", client.Id)))).ShouldBe(200);

        Assert.Equal(expected.Replace("CODE", answer.Text("code"), StringComparison.Ordinal), answer.Text("redirect_to"));
    }

    [Fact]
    public async Task RedirectTo_KeepsTheUriAsSent()
    {
        var client = await Gateway.CreateClientAsync("orders", "http://app.example");

        var answer = (await AuthorizeAsync(client with { RedirectUri = "http://app.example/sub?x=1" }, ("response_type", "code"))).ShouldBe(200);

        Assert.Equal($"http://app.example/sub?code={answer.Text("code")}&x=1", answer.Text("redirect_to"));
    }

    [Theory]
    [InlineData("http%3A%2F%2Fapp.example%2Fcb")]
    [InlineData("http%253A%252F%252Fapp.example%252Fcb")]
    public async Task RedirectUri_IsUnescapedTwice(string encoded)
    {
        var client = await Gateway.CreateClientAsync("orders");
        using var body = new StringContent($"response_type=code&client_id={client.Id}&redirect_uri={encoded}", null, "application/x-www-form-urlencoded");

        (await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", body)).ShouldBe(200);
    }

    [Fact]
    public async Task KeyRules_BecomeTheRulesOfTheToken()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        var code = (await AuthorizeAsync(client, ("response_type", "code"), ("key_rules", Rules.ToJsonString()))).Text("code");
        var token = (await Gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBe(200).Text("access_token");

        var call = (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);

        Assert.Equal("\"rate\";q=3;w=10, \"quota\";q=5;w=60", call.Header("RateLimit-Policy"));
        Assert.Equal("Ann", (await Gateway.ManageAsync("GET", "/tyk/keys/" + token)).ShouldBe(200).Text("alias"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Policy_GivesTheRules_WhenNoKeyRulesAreSent(string? rules)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");

        var code = (await AuthorizeAsync(client, [("response_type", "code"), .. rules is null ? Array.Empty<(string, string)>() : [("key_rules", rules)]])).Text("code");
        var token = (await Gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBe(200).Text("access_token");

        Assert.Equal("\"rate\";q=50;w=10, \"quota\";q=500;w=3600", (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200).Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Code_FailsAtTheExchange_WhenThereAreNeitherRulesNorPolicy()
    {
        foreach (var (api, status, id) in new[] { ("orders", 400, "unauthorized_client"), ("vintage", 403, "server_error") })
        {
            var client = await Gateway.CreateClientAsync(api);

            var code = await Gateway.AuthorizeAsync(api, client);

            (await Gateway.TokenAsync(api, client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBeOAuthError(status, id);
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData(" ")]
    [InlineData("\"{}\"")]
    [InlineData("""{"rate":"3"}""")]
    [InlineData("""{"quota_max":1.5}""")]
    [InlineData("""{"access_rights":[]}""")]
    [InlineData("""{"rate":1} x""")]
    [InlineData("""{"meta_data":{"a":"\ud800"}}""")]
    public async Task KeyRules_AreRefused_WhenTheyAreNotASession(string rules)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");

        foreach (var (type, path) in new[] { ("code", "/orders/tyk/oauth/authorize-client/"), ("token", "/tyk/oauth/authorize-client/") })
        {
            var answer = await Gateway.ManageAsync("POST", path, TestGateway.Form(("response_type", type), ("client_id", client.Id), ("key_rules", rules)));

            answer.ShouldBeJson(400);
            Assert.Equal("error", answer.Text("status"));
            Assert.StartsWith("key_rules is not a valid session object: ", answer.Text("message"), StringComparison.Ordinal);
            Assert.True(answer.Text("message").Length > "key_rules is not a valid session object: ".Length);
        }

        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens")).Body);
    }

    [Fact]
    public async Task KeyRules_AreRefused_WhenARateHasNoWindow()
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await AuthorizeAsync(client, ("response_type", "code"), ("key_rules", """{"rate":5}"""))).ShouldFail(400, "per must be greater than 0 when rate is set");
    }

    [Fact]
    public async Task KeyRules_MayBeLong()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var rules = Definitions.Session(Enumerable.Range(0, 2000).Select(static number => "api-" + number).Append("orders"));

        var token = (await Gateway.IssueAsync("orders", client, rules)).Text("access_token");

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Theory]
    [InlineData("{\"expires\":1}")]
    [InlineData("{\"expires\":-1}")]
    [InlineData("{\"expires\":99999999999}")]
    public async Task Expires_IsAlwaysTheLifetimeOfTheToken(string rules)
    {
        var client = await Gateway.CreateClientAsync("orders");
        var expected = Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 3600;

        var implicitToken = (await AuthorizeAsync(client, ("response_type", "token"), ("key_rules", rules))).Text("access_token");
        var codeToken = (await Gateway.IssueAsync("orders", client, (JsonObject)JsonNode.Parse(rules)!)).Text("access_token");

        foreach (var token in new[] { implicitToken, codeToken })
        {
            Assert.Equal(expected, (await Gateway.ManageAsync("GET", "/tyk/keys/" + token)).ShouldBe(200).Json.GetProperty("expires").GetInt64());
        }
    }

    [Fact]
    public async Task Code_LivesFor250Seconds()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var early = await Gateway.AuthorizeAsync("orders", client, Rules);
        var late = await Gateway.AuthorizeAsync("orders", client, Rules);

        Gateway.Time.Advance(TimeSpan.FromSeconds(249));
        (await Gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", early), ("redirect_uri", client.RedirectUri))).ShouldBe(200);
        Gateway.Time.Advance(TimeSpan.FromSeconds(1));
        (await Gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", late), ("redirect_uri", client.RedirectUri))).ShouldBeOAuthError(400, "invalid_grant");
    }

    private Task<Answer> AuthorizeAsync(OAuthClient client, params (string Name, string Value)[] fields) =>
        Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form([("client_id", client.Id), ("redirect_uri", client.RedirectUri), .. fields]));
}
