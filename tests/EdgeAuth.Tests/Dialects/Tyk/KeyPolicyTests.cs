using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Policies merged into keys, as management shows the result (spec e).</summary>
public sealed class KeyPolicyTests(PolicyGateway shared) : IClassFixture<PolicyGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("plain", 10, 60, 100, 3600)]
    [InlineData("plain larger", 5, 10, 200, 3600)]
    [InlineData("larger plain", 5, 10, 200, 3600)]
    [InlineData("plain endless", -1, 0, -1, 3600)]
    [InlineData("nothing plain", 10, 60, 100, 3600)]
    [InlineData("plain unheard-of", 10, 60, 100, 3600)]
    [InlineData("quota-part acl-part", 77, 7, 40, 400)]
    [InlineData("rate-part acl-part", 4, 2, 777, 7)]
    [InlineData("acl-part", 77, 7, 777, 7)]
    [InlineData("master plain", 10, 60, 100, 3600)]
    public async Task Limits_AreThoseOfThePolicies_WhereTheyGovern(string policies, double rate, double per, long quota, long renewal)
    {
        var session = await ReadAsync(policies, """{"rate":77,"per":7,"quota_max":777,"quota_renewal_rate":7}""");

        Assert.Equal((rate, per, quota, renewal), (session.GetProperty("rate").GetDouble(), session.GetProperty("per").GetDouble(), session.GetProperty("quota_max").GetInt64(), session.GetProperty("quota_renewal_rate").GetInt64()));
    }

    [Fact]
    public async Task Rights_AreReplaced_WhenAPolicyGrantsAny()
    {
        var session = Definitions.Session(["three"], """{"apply_policies":["plain"]}""");

        var shown = await ReadAsync(session);

        Assert.Equal(["one"], shown.GetProperty("access_rights").Names());
        Assert.Equal(["plain"], shown.GetProperty("apply_policies").EnumerateArray().Select(static id => id.GetString()));
    }

    [Theory]
    [InlineData("plain", "one:")]
    [InlineData("plain larger", "one:")]
    [InlineData("wide", "one: two:")]
    [InlineData("plain second", "one:plain two:second")]
    [InlineData("wide second", "one:wide two:second")]
    [InlineData("second wide", "two: one:")]
    [InlineData("each", "one:one two:each")]
    public async Task Scopes_SeparateApisOfDifferentPolicies(string policies, string expected)
    {
        var rights = (await ReadAsync(policies)).GetProperty("access_rights");

        var scopes = rights.EnumerateObject().ToDictionary(static right => right.Name, static right => right.Value.GetProperty("allowance_scope").GetString()!, StringComparer.Ordinal);
        var wanted = expected.Split(' ').Select(static pair => pair.Split(':')).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);
        Assert.Equal(wanted.OrderBy(static pair => pair.Key, StringComparer.Ordinal), scopes.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task PerApiLimits_AreTheApisOwn_OrThePolicys()
    {
        var rights = (await ReadAsync("each")).GetProperty("access_rights");
        var merged = (await ReadAsync("each each-more")).GetProperty("access_rights").GetProperty("one").GetProperty("limit");

        Assert.Equal("6/1 60/600", Limit(rights.GetProperty("one")));
        Assert.Equal("2/1 20/200", Limit(rights.GetProperty("two")));
        Assert.Equal((8, -1, 0), (merged.GetProperty("rate").GetDouble(), merged.GetProperty("quota_max").GetInt64(), merged.GetProperty("quota_renewal_rate").GetInt64()));
    }

    [Fact]
    public async Task PerApiAndPlainPolicies_AreToleratedTogether() =>
        Assert.Equal(["one", "two"], (await ReadAsync("each second")).GetProperty("access_rights").Names().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Urls_AreUnited_AndTheStricterPolicyWins()
    {
        var united = (await ReadAsync("urls urls-more")).GetProperty("access_rights").GetProperty("one").GetProperty("allowed_urls").GetRawText();
        var strict = (await ReadAsync("plain urls")).GetProperty("access_rights").GetProperty("one").GetProperty("allowed_urls").GetRawText();

        Assert.Equal("""[{"url":"/a","methods":["GET","POST"]},{"url":"/b","methods":["GET"]}]""", united);
        Assert.Equal("""[{"url":"/a","methods":["GET"]}]""", strict);
    }

    [Fact]
    public async Task Versions_AreUnited() =>
        Assert.Equal("""["Default","v2"]""", (await ReadAsync("plain versions")).GetProperty("access_rights").GetProperty("one").GetProperty("versions").GetRawText());

    [Fact]
    public async Task EndpointLimits_AreMerged_TheFasterWinning()
    {
        var merged = (await ReadAsync("endpoints endpoints-faster")).GetProperty("access_rights").GetProperty("one").GetProperty("endpoints").GetRawText();

        Assert.Equal("""[{"path":"/e","methods":[{"name":"GET","limit":{"rate":2,"per":1}}]}]""", merged);
    }

    [Fact]
    public async Task TagsAreUnited_AndMetaDataOverwritten()
    {
        var session = await ReadAsync("tagged tagged-too", """{"tags":["k","p"],"meta_data":{"a":"key","c":3}}""");

        Assert.Equal("""["k","p","q","r"]""", session.GetProperty("tags").GetRawText());
        var data = session.GetProperty("meta_data");
        Assert.Equal(("later", 2, 3), (data.GetProperty("a").GetString(), data.GetProperty("b").GetInt32(), data.GetProperty("c").GetInt32()));
    }

    [Theory]
    [InlineData("plain", "true", false)]
    [InlineData("off", "false", true)]
    [InlineData("plain off", "false", true)]
    [InlineData("not-active", "false", false)]
    public async Task Inactivity_IsThatOfThePolicies(string policies, string own, bool expected)
    {
        var key = await CreateAsync(policies, $"{{\"is_inactive\":{own}}}");

        Assert.Equal(expected, (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Json.GetProperty("is_inactive").GetBoolean());
        var call = await Gateway.CallAsync("/one/x", key);
        _ = expected ? call.ShouldBeRefused(403, "key_inactive") : call.ShouldBe(200);
    }

    [Fact]
    public async Task KeyExpiresIn_GivesANewKeyItsExpiry_Once()
    {
        var now = Gateway.Time.GetUtcNow().ToUnixTimeSeconds();
        var key = await CreateAsync("brief");
        Assert.Equal(now + 100, await ExpiresAsync(key));

        (await Gateway.ManageAsync("PUT", "/tyk/keys/" + key, Session("brief", $"{{\"expires\":{now + 5000}}}"))).ShouldBe(200);

        Assert.Equal(now + 5000, await ExpiresAsync(key));
    }

    [Fact]
    public async Task LastUpdated_IsThePolicys_WhenThatIsNewer()
    {
        Assert.Equal("99999999999", (await ReadAsync("recent")).GetProperty("last_updated").GetString());
        Assert.Equal(Gateway.Time.GetUtcNow().ToUnixTimeSeconds().ToString(), (await ReadAsync("plain")).GetProperty("last_updated").GetString());
    }

    [Fact]
    public async Task PostExpiry_IsCopied_WhenItIsSet()
    {
        var session = await ReadAsync("retaining");

        Assert.Equal(("retain", -1), (session.GetProperty("post_expiry_action").GetString(), session.GetProperty("post_expiry_grace_period").GetInt64()));
    }

    [Fact]
    public async Task DeprecatedPolicyId_CountsOnlyWhenTheListIsEmpty()
    {
        Assert.Equal(10, (await ReadAsync(Session("", """{"apply_policy_id":"plain"}"""))).GetProperty("rate").GetDouble());
        Assert.Equal(5, (await ReadAsync(Session("larger", """{"apply_policy_id":"plain"}"""))).GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task InlinePolicies_ReplaceThoseNamedById()
    {
        var session = Session("plain", """{"meta_data":{"policies":[{"id":"inline","org_id":"org1","rate":1,"per":1,"access_rights":{"two":{}}}]}}""");
        var key = await Gateway.CreateKeyAsync(session);

        Assert.Equal(["two"], (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Json.GetProperty("access_rights").Names());
        (await Gateway.CallAsync("/two/x", key)).ShouldBe(200);
        (await Gateway.CallAsync("/two/x", key)).ShouldBeRefused(429, "rate_exceeded");
        (await Gateway.CallAsync("/one/x", key)).ShouldBeRefused(403, "api_forbidden");
    }

    [Theory]
    [InlineData("""{"meta_data":{"policies":"text"}}""")]
    [InlineData("""{"meta_data":{"policies":[null]}}""")]
    [InlineData("""{"meta_data":{"policies":[{"rate":"x"}]}}""")]
    public async Task InlinePolicies_MustBePolicies(string session) =>
        (await Gateway.ManageAsync("POST", "/tyk/keys/create", Session("plain", session))).ShouldFail(400, "Failed to create key - meta_data.policies is not a list of policies");

    private static string Limit(JsonElement right)
    {
        var limit = right.GetProperty("limit");
        return $"{limit.GetProperty("rate")}/{limit.GetProperty("per")} {limit.GetProperty("quota_max")}/{limit.GetProperty("quota_renewal_rate")}";
    }

    private static JsonObject Session(string policies, string? more = null)
    {
        var session = more is null ? [] : JsonNode.Parse(more)!.AsObject();
        session["org_id"] = "org1";
        session["apply_policies"] = new JsonArray([.. policies.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static id => (JsonNode)id)]);
        return session;
    }

    private Task<string> CreateAsync(string policies, string? more = null) => Gateway.CreateKeyAsync(Session(policies, more));

    private Task<JsonElement> ReadAsync(string policies, string? more = null) => ReadAsync(Session(policies, more));

    private async Task<JsonElement> ReadAsync(JsonObject session) =>
        (await Gateway.ManageAsync("GET", "/tyk/keys/" + await Gateway.CreateKeyAsync(session))).ShouldBe(200).Json;

    private async Task<long> ExpiresAsync(string key) => (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Json.GetProperty("expires").GetInt64();
}
