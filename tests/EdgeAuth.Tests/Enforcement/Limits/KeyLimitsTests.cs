using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>A key holder asks for its own limits (spec f.7).</summary>
public sealed class KeyLimitsTests(KeyLimitsTests.Host host) : IClassFixture<KeyLimitsTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("/one/tyk/rate-limits/")]
    [InlineData("/one/tyk/rate-limits")]
    [InlineData("/ONE/tyk/rate-limits/")]
    [InlineData("/vintage/tyk/rate-limits/")]
    public async Task Limits_AreThoseOfTheSession_AndAskingCountsForNothing(string path)
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, """{"rate":2,"per":0.5,"quota_max":10,"quota_renewal_rate":600}""");
        Gateway.Upstream.Requests.Clear();
        var fresh = """{"quota":{"quota_max":10,"quota_remaining":10,"quota_renews":0},"rate_limit":{"requests":2,"per_unit":0.5}}""";
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(fresh, Compact((await Gateway.CallAsync(path, key)).ShouldBe(200)));
        }

        Assert.Empty(Gateway.Upstream.Requests);
        (await Gateway.CallAsync("/one/x", key)).ShouldBe(200);
        var renews = (Gateway.Time.GetUtcNow() + TimeSpan.FromSeconds(600)).ToUnixTimeSeconds();
        var answer = (await Gateway.CallAsync(path, key)).ShouldBe(200);
        Assert.Equal(fresh.Replace("remaining\":10", "remaining\":9", StringComparison.Ordinal).Replace("renews\":0", $"renews\":{renews}", StringComparison.Ordinal), Compact(answer));
        Assert.Equal("application/json", answer.Header("Content-Type"));
    }

    [Fact]
    public async Task UnlimitedQuota_IsShownAsItIsStored()
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, """{"quota_max":-1,"quota_remaining":7,"quota_renews":99}""");

        Assert.Equal(
            """{"quota":{"quota_max":-1,"quota_remaining":7,"quota_renews":99},"rate_limit":{"requests":0,"per_unit":0}}""",
            Compact((await Gateway.CallAsync("/one/tyk/rate-limits/", key)).ShouldBe(200)));
    }

    [Theory]
    [InlineData("""{"is_inactive":true}""", 403, "key_inactive")]
    [InlineData("""{"expires":10}""", 401, "credential_expired")]
    [InlineData("""{"access_rights":{"two":{}}}""", 403, "api_forbidden")]
    public async Task Checks_AreThoseOfARequest(string rules, int status, string code)
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, rules);

        (await Gateway.CallAsync("/one/tyk/rate-limits/", key)).ShouldBeRefused(status, code);
    }

    [Fact]
    public async Task Version_IsAskedFor_WhereItCanBeNamed()
    {
        const string Versions = """{"versions":{"v1":{"name":"v1"},"v2":{"name":"v2"},"old":{"name":"old","expires":"2001-01-01 00:00"}}}""";
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keys("header", upstream).With("version_data", System.Text.Json.Nodes.JsonNode.Parse(Versions)).With("definition", new { location = "header", key = "X-Version" }),
            Definitions.Keys("url", upstream).With("version_data", System.Text.Json.Nodes.JsonNode.Parse(Versions)).With("definition", new { location = "url" }),
        ]);
        var key = await gateway.CreateKeyAsync(Definitions.Session([], """{"access_rights":{"header":{"versions":["v1","old"]},"url":{"versions":["v1"]}}}"""));

        foreach (var (version, status, code) in new[] { ("v1", 200, ""), ("v2", 403, "api_forbidden"), ("v9", 403, "version_unknown"), ("old", 403, "version_expired"), ("", 403, "version_missing") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/header/tyk/rate-limits/");
            request.Headers.Authorization = new("Bearer", key);
            request.Headers.TryAddWithoutValidation("X-Version", version);
            var answer = (await gateway.SendAsync(request)).ShouldBe(status);
            Assert.Equal(code, status == 200 ? "" : answer.Text("code"));
        }

        (await gateway.CallAsync("/url/tyk/rate-limits/", key)).ShouldBe(200);
    }

    [Fact]
    public async Task UsedUpLimits_DoNotKeepTheHolderFromAsking()
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, """{"rate":1,"per":60,"quota_max":1,"quota_renewal_rate":600,"throttle_interval":1,"throttle_retry_limit":3}""");
        (await Gateway.CallAsync("/one/x", key)).ShouldBe(200);

        Assert.Equal(0, (await Gateway.CallAsync("/one/tyk/rate-limits/", key)).ShouldBe(200).Json.GetProperty("quota").GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task Credential_IsAskedFor()
    {
        (await Gateway.CallAsync("/one/tyk/rate-limits/")).ShouldBeRefused(401, "credential_missing");
        (await Gateway.CallAsync("/orders/tyk/rate-limits/", "unknown")).ShouldBeRefused(401, "credential_unknown");
        (await Gateway.CallAsync("/vintage/tyk/rate-limits/", "unknown")).ShouldBeTykRefusal(403, "Access to this API has been disallowed");
    }

    [Fact]
    public async Task Path_OwnsEveryMethod_AndIsNeverProxied()
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, "{}");
        Gateway.Upstream.Requests.Clear();
        foreach (var method in new[] { "POST", "PUT", "DELETE", "PATCH", "HEAD" })
        {
            var answer = (await Gateway.CallAsync("/one/tyk/rate-limits/", key, method)).ShouldBe(405);
            Assert.Equal("GET", answer.Header("Allow"));
        }

        Assert.Empty(Gateway.Upstream.Requests);

        // Whoever needs no key has no limits to ask for.
        (await Gateway.CallAsync("/open/tyk/rate-limits/")).ShouldBe(200);
        Assert.Single(Gateway.Upstream.Requests);
    }

    [Fact]
    public async Task SwitchedOffOrganisation_IsRefused_AndAskingIsNotChargedToIt()
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, "{}");
        (await Gateway.ManageAsync("POST", "/tyk/org/keys/org1", TestGateway.Json("""{"quota_max":50,"quota_renewal_rate":600}"""))).ShouldBe(200);
        (await Gateway.CallAsync("/one/tyk/rate-limits/", key)).ShouldBe(200);
        Assert.Equal(50, (await Gateway.ManageAsync("GET", "/tyk/org/keys/org1")).Json.GetProperty("quota_remaining").GetInt64());

        (await Gateway.ManageAsync("PUT", "/tyk/org/keys/org1", TestGateway.Json("""{"is_inactive":true}"""))).ShouldBe(200);
        (await Gateway.CallAsync("/one/tyk/rate-limits/", key)).ShouldBeRefused(403, "org_disabled");

        (await Gateway.ManageAsync("DELETE", "/tyk/org/keys/org1")).ShouldBe(200);
    }

    private static string Compact(Answer answer) => System.Text.Json.Nodes.JsonNode.Parse(answer.Body)!.ToJsonString();

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() =>
            TestGateway.StartAsync(LimitedGateway.Apis, static setup => setup.Set("EdgeAuth:Dialects:Tyk:enforce_org_quotas", "true"));
    }
}
