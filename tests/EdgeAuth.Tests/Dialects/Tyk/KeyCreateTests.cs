using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Random keys are created (spec f.1, c.3).</summary>
public sealed class KeyCreateTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string NoRights = "Failed to create key, keys must have at least one Access Rights record set.";
    private const string NotSecure = "Failed to create key, ensure security settings are correct.";

    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string> Paths => ["/tyk/keys/create", "/tyk/keys"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Key_IsAnsweredWithItsHash(string path)
    {
        var answer = (await Gateway.ManageAsync("POST", path, Definitions.Session(["stock"]))).ShouldBeJson(200);

        var key = answer.Text("key");
        Assert.Matches("^org1[0-9a-f]{32}$", key);
        Assert.Equal($"{{\"key\":\"{key}\",\"status\":\"ok\",\"action\":\"added\",\"key_hash\":\"{Hashes.Of(key)}\"}}\n", answer.Body);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Theory]
    [InlineData("/tyk/keys/create", NoRights)]
    [InlineData("/tyk/keys", NotSecure)]
    [InlineData("/tyk/keys/custom-key", NotSecure)]
    public async Task Key_IsRefused_WithoutRights(string path, string message)
    {
        foreach (var body in new[] { "{}", """{"access_rights":{}}""", """{"access_rights":null,"rate":5,"per":1}""" })
        {
            (await Gateway.ManageAsync("POST", path, TestGateway.Json(body))).ShouldFail(400, message);
        }
    }

    [Fact]
    public async Task MasterKeys_ReachEveryApi_WhenTheyAreAllowed()
    {
        await using var gateway = await TestGateway.StartAsync(StandardGateway.Apis, static setup => setup.Set("EdgeAuth:Dialects:Tyk:allow_master_keys", "true"));

        foreach (var (path, body) in new[] { ("/tyk/keys/create", """{"org_id":"org1"}"""), ("/tyk/keys", "{}"), ("/tyk/keys/custom-key", "{}") })
        {
            var key = (await gateway.ManageAsync("POST", path, TestGateway.Json(body))).ShouldBeJson(200).Text("key");
            (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);
            (await gateway.CallAsync("/export/x", key)).ShouldBe(200);
        }
    }

    [Fact]
    public async Task Rights_MayComeFromAPolicy()
    {
        var key = await Gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray("keys") });

        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"apply_policies":["xyz"]}""", "policy not found: \"xyz\"")]
    [InlineData("""{"apply_policy_id":"xyz"}""", "policy not found: \"xyz\"")]
    [InlineData("""{"apply_policies":["both"]}""", "cannot apply policy both which has per_api and any of partitions set")]
    [InlineData("""{"apply_policies":["apart","part"]}""", "cannot apply multiple policies when some have per_api set and some are partitioned")]
    [InlineData("""{"apply_policies":["part","apart"]}""", "cannot apply multiple policies when some have per_api set and some are partitioned")]
    [InlineData("""{"org_id":"org1","apply_policies":["elsewhere"]}""", "attempting to apply policy from different organisation to key, skipping")]
    [InlineData("""{"apply_policies":["xyz","zyx"]}""", "key has no valid policies to be applied")]
    public async Task Key_IsRefused_WhenItsPoliciesCannotBeApplied(string body, string reason)
    {
        await using var gateway = await TestGateway.StartAsync(StandardGateway.Apis, static setup =>
        {
            setup.Policy("both", Definitions.Policy(["stock"], """{"partitions":{"per_api":true,"quota":true}}"""));
            setup.Policy("apart", Definitions.Policy(["stock"], """{"partitions":{"per_api":true}}"""));
            setup.Policy("part", Definitions.Policy(["stock"], """{"partitions":{"acl":true}}"""));
            setup.Policy("elsewhere", Definitions.Policy(["export"], """{"org_id":"org2"}"""));
        });

        (await gateway.ManageAsync("POST", "/tyk/keys/create", TestGateway.Json(body))).ShouldFail(400, "Failed to create key - " + reason);
        (await gateway.ManageAsync("POST", "/tyk/keys", TestGateway.Json(body))).ShouldFail(400, NotSecure);
        (await gateway.ManageAsync("POST", "/tyk/keys/custom-key", TestGateway.Json(body))).ShouldFail(400, NotSecure);
        (await gateway.ManageAsync("GET", "/tyk/keys/custom-key?org_id=org1")).ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"rate":5,"per":0,"access_rights":{"stock":{}}}""")]
    [InlineData("""{"rate":0.5,"per":-1,"access_rights":{"stock":{}}}""")]
    [InlineData("""{"access_rights":{"stock":{"limit":{"rate":5}}}}""")]
    [InlineData("""{"access_rights":{"stock":{"endpoints":[{"path":"/x","methods":[{"name":"GET","limit":{"rate":5}}]}]}}}""")]
    public async Task Key_IsRefused_WhenARateHasNoWindow(string body)
    {
        foreach (var path in new[] { "/tyk/keys/create", "/tyk/keys", "/tyk/keys/custom-key" })
        {
            (await Gateway.ManageAsync("POST", path, TestGateway.Json(body))).ShouldFail(400, "per must be greater than 0 when rate is set");
        }
    }

    [Fact]
    public async Task Key_IsStamped_WhenItIsCreated()
    {
        var now = Gateway.Time.GetUtcNow();

        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"quota_max":10,"quota_renewal_rate":60,"quota_renews":5,"date_created":"2001-01-01T00:00:00Z","last_updated":"7"}"""));

        var session = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json;
        Assert.Equal(now.ToUnixTimeSeconds() + 60, session.GetProperty("quota_renews").GetInt64());
        Assert.Equal(now.ToUnixTimeSeconds().ToString(), session.GetProperty("last_updated").GetString());
        Assert.Equal(now, DateTimeOffset.Parse(session.GetProperty("date_created").GetString()!));
    }

    [Theory]
    [InlineData("/tyk/keys/create")]
    [InlineData("/tyk/keys")]
    [InlineData("/tyk/keys/expired-key")]
    public async Task ExpiryInThePast_IsKept(string path)
    {
        var answer = (await Gateway.ManageAsync("POST", path, Definitions.Session(["stock"], """{"expires":1000000000}"""))).ShouldBe(200);

        (await Gateway.CallAsync("/stock/x", answer.Text("key"))).ShouldBeRefused(401, "credential_expired");
        Assert.Equal(1000000000, (await Gateway.ManageAsync("GET", "/tyk/keys/" + answer.Text("key"))).ShouldBe(200).Json.GetProperty("expires").GetInt64());
    }

    [Fact]
    public async Task RightsForAnUnknownApi_AreStored_AndWarnedOf()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock", "not-loaded"]));

        Assert.True((await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json.GetProperty("access_rights").TryGetProperty("not-loaded", out _));
        Assert.Contains(Gateway.Logs.Lines, static line => line.Text.Contains("not-loaded", StringComparison.Ordinal) && line.Level == Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task HugeNumbers_AreKept()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":1e300,"per":1e300,"quota_max":9223372036854775807,"quota_renewal_rate":9223372036854775807,"expires":9223372036854775807,"session_lifetime":9223372036854775807}"""));

        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        Assert.Equal(long.MaxValue, (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json.GetProperty("quota_max").GetInt64());
    }
}
