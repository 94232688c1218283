using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Which limits count a request, and with what they share their counters (spec c.2, d.4, d.5).</summary>
public sealed class LimitScopeTests(LimitedGateway shared) : IClassFixture<LimitedGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("""{"rate":4,"per":60}""", "rate_exceeded")]
    [InlineData("""{"quota_max":4,"quota_renewal_rate":60}""", "quota_exceeded")]
    public async Task SessionLimits_AreSharedByItsApis(string rules, string code)
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, rules);

        foreach (var api in new[] { "one", "two", "one", "two" })
        {
            (await Gateway.CallAsync($"/{api}/x", key)).ShouldBe(200);
        }

        (await Gateway.CallAsync("/one/x", key)).ShouldBeRefused(429, code);
        (await Gateway.CallAsync("/two/x", key)).ShouldBeRefused(429, code);
    }

    [Theory]
    [InlineData("""{"rate":2,"per":60}""")]
    [InlineData("""{"quota_max":2,"quota_renewal_rate":60}""")]
    public async Task Keys_AreCountedApart(string rules)
    {
        var (first, second) = (await LimitedGateway.CreateKeyAsync(Gateway, rules), await LimitedGateway.CreateKeyAsync(Gateway, rules));

        Assert.Equal(2, await CountAsync("/one/x", first));
        Assert.Equal(2, await CountAsync("/one/x", second));
    }

    [Fact]
    public async Task LimitOfAnApi_ReplacesAllOfTheSessions_AndCountsApart()
    {
        var key = await CreateAsync("""{"rate":3,"per":60,"quota_max":4,"quota_renewal_rate":60}""", """{"quota_max":6,"quota_renewal_rate":60}""");

        // A limit with only a quota means no rate here.
        Assert.Equal(6, await CountAsync("/one/x", key));
        Assert.Equal(3, await CountAsync("/two/x", key));
        (await Gateway.CallAsync("/two/x", key)).ShouldBeRefused(429, "rate_exceeded");
        (await Gateway.CallAsync("/one/x", key)).ShouldBeRefused(429, "quota_exceeded");
        Gateway.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(6, await CountAsync("/one/x", key));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"rate":0,"per":0,"quota_max":0}""")]
    public async Task EmptyLimitOfAnApi_LeavesTheSessionsInForce(string limit)
    {
        var key = await CreateAsync("""{"rate":3,"per":60}""", limit);

        Assert.Equal(2, await CountAsync("/one/x", key, most: 2));
        Assert.Equal(1, await CountAsync("/two/x", key));
    }

    [Fact]
    public async Task ClientsCannotChooseTheirCounter()
    {
        var session = Definitions.Session([]);
        foreach (var api in new[] { "one", "two" })
        {
            session["access_rights"]![api] = JsonNode.Parse("""{"limit":{"quota_max":2,"quota_renewal_rate":60},"allowance_scope":"same"}""");
        }

        var key = await Gateway.CreateKeyAsync(session);

        Assert.Equal(2, await CountAsync("/one/x", key));
        Assert.Equal(2, await CountAsync("/two/x", key));
    }

    [Fact]
    public async Task EndpointLimit_IsARateOfItsOwn_BesideTheSharedQuota()
    {
        var session = Definitions.Session([], """{"rate":5,"per":60,"quota_max":9,"quota_renewal_rate":600}""");
        session["access_rights"]!["one"] = JsonNode.Parse("""
            {"endpoints":[{"path":"/fast","methods":[{"name":"get","limit":{"rate":2,"per":60}},{"name":"PUT","limit":{"rate":-1,"per":60}}]}]}
            """);
        var key = await Gateway.CreateKeyAsync(session);

        Assert.Equal(2, await CountAsync("/one/fast", key));
        (await Gateway.CallAsync("/one/fast", key)).ShouldBeRefused(429, "rate_exceeded");
        (await Gateway.CallAsync("/one/fast", key, "PUT")).ShouldBe(200);
        (await Gateway.CallAsync("/one/fast", key, "POST")).ShouldBe(200);
        Assert.Equal(4, await CountAsync("/one/other", key));
        (await Gateway.CallAsync("/one/other", key)).ShouldBeRefused(429, "rate_exceeded");
        (await Gateway.CallAsync("/one/fast", key, "PUT")).ShouldBe(200);
        (await Gateway.CallAsync("/one/fast", key, "PUT")).ShouldBeRefused(429, "quota_exceeded");
    }

    [Fact]
    public async Task SwitchedOffLimit_IsNeitherEnforcedNorCharged()
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, """{"rate":2,"per":60,"quota_max":5,"quota_renewal_rate":600}""");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("\"quota\";q=5;w=600", (await Gateway.CallAsync("/unmetered/x", key)).ShouldBe(200).Header("RateLimit-Policy"));
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("\"rate\";q=2;w=60", (await Gateway.CallAsync("/unbounded/x", key)).ShouldBe(200).Header("RateLimit-Policy"));
        }

        (await Gateway.CallAsync("/unbounded/x", key)).ShouldBeRefused(429, "rate_exceeded");
        Assert.Equal(2, await CountAsync("/unmetered/x", key));
        (await Gateway.CallAsync("/unmetered/x", key)).ShouldBeRefused(429, "quota_exceeded");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"rate":0,"per":60,"quota_max":0,"quota_renewal_rate":60}""")]
    [InlineData("""{"rate":-1,"per":60,"quota_max":-1,"quota_renewal_rate":60}""")]
    public async Task ZeroOrLess_IsUnlimited(string rules)
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, rules);

        for (var i = 0; i < 20; i++)
        {
            var answer = (await Gateway.CallAsync("/one/x", key)).ShouldBe(200);
            Assert.Null(answer.Header("RateLimit"));
            Assert.Null(answer.Header("RateLimit-Policy"));
            Assert.Null(answer.Header("X-RateLimit-Limit"));
        }
    }

    [Fact]
    public async Task FreshToken_HasFreshCounters()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"], """{"rate":2,"per":600,"quota_max":1,"quota_renewal_rate":600}"""));
        Assert.Equal(1, await CountAsync("/orders/x", issued.Text("access_token")));

        var refreshed = await Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")));

        Assert.Equal(1, await CountAsync("/orders/x", refreshed.ShouldBe(200).Text("access_token")));
    }

    private Task<string> CreateAsync(string rules, string limitOfOne)
    {
        var session = Definitions.Session(["one", "two"], rules);
        session["access_rights"]!["one"]!["limit"] = JsonNode.Parse(limitOfOne);
        return Gateway.CreateKeyAsync(session);
    }

    private Task<int> CountAsync(string path, string key, int most = 30) => LimitedGateway.CountAsync(Gateway, path, key, most);
}
