using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Custom keys: their token is organisation and name, and either finds them (spec f.1, j.15, d.3).</summary>
public sealed class KeyCustomTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Key_IsAnsweredByItsFullToken()
    {
        var answer = (await AddAsync("teapot", Definitions.Session(["stock"]))).ShouldBeJson(200);

        Assert.Equal($"{{\"key\":\"org1teapot\",\"status\":\"ok\",\"action\":\"added\",\"key_hash\":\"{Hashes.Of("org1teapot")}\"}}\n", answer.Body);
    }

    [Fact]
    public async Task Key_IsPresentedByItsShortOrFullName()
    {
        await AddAsync("short-or-long", Definitions.Session(["stock", "export"]));

        (await Gateway.CallAsync("/stock/x", "short-or-long")).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", "org1short-or-long")).ShouldBe(200);

        // On an API of another organisation the short name means another key.
        (await Gateway.CallAsync("/export/x", "short-or-long")).ShouldBeRefused(401, "credential_unknown");
        (await Gateway.CallAsync("/export/x", "org1short-or-long")).ShouldBe(200);
    }

    [Fact]
    public async Task Key_IsFoundByManagement_InEachOfItsForms()
    {
        await AddAsync("forms", Definitions.Session(["stock"], """{"alias":"it"}"""));

        foreach (var path in new[] { "org1forms", "forms?org_id=org1", "forms?api_id=stock", "forms?username=true&org_id=org1", "org1forms?org_id=org1", Hashes.Of("org1forms") + "?hashed=true", Hashes.Of("org1forms") + "?hashed=1", Hashes.Of("org1forms").ToUpperInvariant() + "?hashed=x" })
        {
            Assert.Equal("it", (await Gateway.ManageAsync("GET", "/tyk/keys/" + path)).ShouldBeJson(200).Text("alias"));
        }

        foreach (var path in new[] { "forms", "forms?org_id=org2", "forms?api_id=export", "forms?api_id=nowhere", Hashes.Of("org1forms"), "org1forms?hashed=true", Hashes.Of("forms") + "?hashed=true" })
        {
            (await Gateway.ManageAsync("GET", "/tyk/keys/" + path)).ShouldFail(404, "Key not found");
        }
    }

    [Fact]
    public async Task Key_IsChangedAndDeleted_InEachOfItsForms()
    {
        foreach (var path in new[] { "org1edit", "edit?org_id=org1", "edit?api_id=stock", Hashes.Of("org1edit") + "?hashed=true" })
        {
            await AddAsync("edit", Definitions.Session(["stock"]));
            var name = path.Split('?')[0];

            (await Gateway.ManageAsync("PUT", "/tyk/keys/" + path, Definitions.Session(["stock"], """{"alias":"new"}"""))).ShouldBeModified(name, "modified");
            Assert.Equal("new", (await Gateway.ManageAsync("GET", "/tyk/keys/org1edit")).Text("alias"));
            (await Gateway.ManageAsync("DELETE", "/tyk/keys/" + path)).ShouldBeModified(name, "deleted");
            (await Gateway.CallAsync("/stock/x", "edit")).ShouldBeRefused(401, "credential_unknown");
        }
    }

    [Fact]
    public async Task Organisation_MayBeInTheQuery_WhenTheSessionNamesNone()
    {
        var session = Definitions.Session(["stock"], """{"org_id":""}""");

        Assert.Equal("org1by-query", (await Gateway.ManageAsync("POST", "/tyk/keys/by-query?org_id=org1", session)).ShouldBe(200).Text("key"));
        Assert.Equal("org1by-api", (await Gateway.ManageAsync("POST", "/tyk/keys/by-api?api_id=stock", session)).ShouldBe(200).Text("key"));
        Assert.Equal("by-nothing", (await Gateway.ManageAsync("POST", "/tyk/keys/by-nothing", session)).ShouldBe(200).Text("key"));
        (await Gateway.CallAsync("/stock/x", "by-query")).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", "by-nothing")).ShouldBe(200);
    }

    [Fact]
    public async Task Organisation_IsNotPutInFrontTwice()
    {
        (await AddAsync("org1twice", Definitions.Session(["stock"]))).ShouldBe(200);

        (await Gateway.ManageAsync("GET", "/tyk/keys/org1twice")).ShouldBe(200);
        (await Gateway.ManageAsync("GET", "/tyk/keys/org1org1twice")).ShouldBe(404);
    }

    [Theory]
    [InlineData("a%2Bb=", "a+b=")]
    [InlineData("with%20space", "with space")]
    [InlineData("%C3%BCml", "üml")]
    public async Task Name_IsDecodedOnce(string segment, string name)
    {
        Assert.Equal("org1" + name, (await Gateway.ManageAsync("POST", "/tyk/keys/" + segment, Definitions.Session(["stock"]))).ShouldBe(200).Text("key"));
        (await Gateway.ManageAsync("GET", "/tyk/keys/org1" + segment)).ShouldBe(200);
        (await Gateway.ManageAsync("DELETE", "/tyk/keys/org1" + segment)).ShouldBeModified("org1" + name, "deleted");
    }

    [Fact]
    public async Task Name_IsRefused_WhenItIsTooShort()
    {
        var answer = (await AddAsync("ab", Definitions.Session(["stock"]))).ShouldBeJson(400);

        Assert.Equal("error", answer.Text("status"));
        Assert.Contains("min_token_length", answer.Text("message"), StringComparison.Ordinal);
        Assert.Contains("2", answer.Text("message"), StringComparison.Ordinal);
        Assert.Contains("3", answer.Text("message"), StringComparison.Ordinal);
        (await AddAsync("abc", Definitions.Session(["stock"]))).ShouldBe(200);
    }

    [Fact]
    public async Task ShortestName_IsTheSetting()
    {
        await using var gateway = await TestGateway.StartAsync(StandardGateway.Apis, static setup => setup.Set("EdgeAuth:Dialects:Tyk:min_token_length", "8"));

        (await gateway.ManageAsync("POST", "/tyk/keys/1234567", Definitions.Session(["stock"], """{"org_id":""}"""))).ShouldBe(400);
        (await gateway.ManageAsync("POST", "/tyk/keys/12345678", Definitions.Session(["stock"], """{"org_id":""}"""))).ShouldBe(200);
        (await gateway.CallAsync("/stock/x", "12345678")).ShouldBe(200);
        (await gateway.CallAsync("/stock/x", "1234567")).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task Adding_Overwrites_AndStartsTheQuotaAnew()
    {
        await AddAsync("again", Definitions.Session(["stock"], """{"quota_max":1,"quota_renewal_rate":3600,"alias":"old"}"""));
        (await Gateway.CallAsync("/stock/x", "again")).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", "again")).ShouldBeRefused(429, "quota_exceeded");

        (await AddAsync("again", Definitions.Session(["stock"], """{"quota_max":1,"quota_renewal_rate":3600}"""))).ShouldBeModified("org1again", "added");

        (await Gateway.CallAsync("/stock/x", "again")).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", "again")).ShouldBeRefused(429, "quota_exceeded");
        Assert.Equal("", (await Gateway.ManageAsync("GET", "/tyk/keys/org1again")).Text("alias"));
    }

    private Task<Answer> AddAsync(string name, System.Text.Json.Nodes.JsonObject session) => Gateway.ManageAsync("POST", "/tyk/keys/" + name, session);
}
