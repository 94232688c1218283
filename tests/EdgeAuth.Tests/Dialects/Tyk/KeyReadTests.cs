using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Keys are shown with their live quotas, and listed by hash (spec f.1, c).</summary>
public sealed class KeyReadTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private static readonly string[] AlwaysShown =
    [
        "last_check", "allowance", "rate", "per", "throttle_interval", "throttle_retry_limit", "date_created", "expires", "quota_max", "quota_renews", "quota_remaining", "quota_renewal_rate",
        "access_rights", "org_id", "oauth_client_id", "apply_policies", "is_inactive", "meta_data", "tags", "alias", "last_updated",
    ];

    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Session_ShowsItsMembers_EvenWhenTheyAreZero()
    {
        var key = await Gateway.CreateKeyAsync(new JsonObject { ["access_rights"] = new JsonObject { ["stock"] = new JsonObject() } });

        var session = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBeJson(200);

        Assert.Subset(session.Json.Names().ToHashSet(StringComparer.Ordinal), AlwaysShown.ToHashSet(StringComparer.Ordinal));
        Assert.Equal("null", session.Json.GetProperty("meta_data").GetRawText());
    }

    [Theory]
    [InlineData("last_check", "5")]
    [InlineData("allowance", "1.5")]
    [InlineData("rate", "100")]
    [InlineData("per", "0.5")]
    [InlineData("throttle_interval", "1.25")]
    [InlineData("throttle_retry_limit", "3")]
    [InlineData("max_query_depth", "-1")]
    [InlineData("expires", "0")]
    [InlineData("quota_max", "-1")]
    [InlineData("quota_renews", "1406121006")]
    [InlineData("quota_remaining", "12")]
    [InlineData("quota_renewal_rate", "0")]
    [InlineData("org_id", "\"org1\"")]
    [InlineData("oauth_client_id", "\"c\"")]
    [InlineData("oauth_keys", "{\"c\":\"t\"}")]
    [InlineData("certificate", "\"cert\"")]
    [InlineData("mtls_static_certificate_bindings", "[\"org1cert\"]")]
    [InlineData("jwt_data", "{\"secret\":\"k\"}")]
    [InlineData("hmac_enabled", "true")]
    [InlineData("hmac_string", "\"h\"")]
    [InlineData("enable_http_signature_validation", "true")]
    [InlineData("rsa_certificate_id", "\"r\"")]
    [InlineData("is_inactive", "true")]
    [InlineData("data_expires", "7")]
    [InlineData("monitor", "{\"trigger_limits\":[80,60.5]}")]
    [InlineData("enable_detail_recording", "true")]
    [InlineData("enable_detailed_recording", "true")]
    [InlineData("meta_data", "{\"a\":{\"b\":[1,\"<&>\"]},\"z\":null}")]
    [InlineData("tags", "[\"x\",\"y\"]")]
    [InlineData("alias", "\"Ann\"")]
    [InlineData("id_extractor_deadline", "9")]
    [InlineData("session_lifetime", "60")]
    [InlineData("post_expiry_action", "\"retain\"")]
    [InlineData("post_expiry_grace_period", "-1")]
    [InlineData("smoothing", "{\"enabled\":true,\"threshold\":5,\"trigger\":0.8,\"step\":5,\"delay\":30}")]
    public async Task Member_ComesBackAsItWasGiven(string name, string value)
    {
        var session = Definitions.Session(["stock"]);
        session[name] = JsonNode.Parse(value);
        if (name == "rate")
        {
            session["per"] = 1;
        }

        var key = await Gateway.CreateKeyAsync(session);

        Assert.Equal(value, (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json.GetProperty(name).GetRawText());
    }

    [Fact]
    public async Task AccessRights_ComeBackAsTheyWereGiven()
    {
        const string Rights = """{"stock":{"api_name":"Stock","api_id":"stock","versions":["v1"],"allowed_urls":[{"url":"/a","methods":["GET","POST"]}],"restricted_types":[{"name":"Q","fields":["f"]}],"allowed_types":[],"field_access_rights":[],"disable_introspection":true,"limit":{"rate":10,"per":60,"throttle_interval":1,"throttle_retry_limit":2,"max_query_depth":3,"quota_max":-1,"quota_renews":4,"quota_remaining":5,"quota_renewal_rate":6},"allowance_scope":"stock","endpoints":[{"path":"/e","methods":[{"name":"GET","limit":{"rate":1,"per":2}}]}]}}""";
        var key = await Gateway.CreateKeyAsync(new JsonObject { ["access_rights"] = JsonNode.Parse(Rights) });

        Assert.Equal(Rights, (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json.GetProperty("access_rights").GetRawText());
    }

    [Fact]
    public async Task QuotaRemaining_IsExact_AtEveryStep()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"quota_max":250,"quota_renewal_rate":600,"quota_remaining":7}"""));
        var renews = Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 600;
        Assert.Equal((250, renews), await QuotaAsync(key));
        Gateway.Time.Advance(TimeSpan.FromSeconds(5));

        for (var used = 1; used <= 30; used++)
        {
            (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
            Assert.Equal((250 - used, renews + 5), await QuotaAsync(key));
        }

        Gateway.Time.Advance(TimeSpan.FromSeconds(600));
        Assert.Equal(250, (await QuotaAsync(key)).Remaining);
    }

    [Fact]
    public async Task QuotaRemaining_IsShown_AtBothLevels()
    {
        var session = Definitions.Session(["stock", "attic"], """{"quota_max":10,"quota_renewal_rate":600}""");
        session["access_rights"]!["stock"]!["limit"] = JsonNode.Parse("""{"quota_max":5,"quota_renewal_rate":60}""");
        var key = await Gateway.CreateKeyAsync(session);
        await Gateway.CallAsync("/stock/x", key);
        await Gateway.CallAsync("/stock/x", key);
        await Gateway.CallAsync("/attic/x", key);

        var shown = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json;

        Assert.Equal(9, shown.GetProperty("quota_remaining").GetInt64());
        var limit = shown.GetProperty("access_rights").GetProperty("stock").GetProperty("limit");
        Assert.Equal((3, Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 60), (limit.GetProperty("quota_remaining").GetInt64(), limit.GetProperty("quota_renews").GetInt64()));
        Assert.Equal("stock", shown.GetProperty("access_rights").GetProperty("stock").GetProperty("allowance_scope").GetString());
    }

    [Fact]
    public async Task Listing_IsOff_UnlessItIsSwitchedOn() =>
        (await Gateway.ManageAsync("GET", "/tyk/keys")).ShouldFail(404, "Hashed key listing is disabled in config (enable_hashed_keys_listing)");

    [Fact]
    public async Task Listing_ShowsHashes_ByOrganisationAndApi()
    {
        await using var gateway = await TestGateway.StartAsync(StandardGateway.Apis, static setup =>
        {
            StandardGateway.Policies(setup);
            setup.Set("EdgeAuth:Dialects:Tyk:enable_hashed_keys_listing", "true");
        });
        Assert.Equal("""{"keys":[]}""" + "\n", (await gateway.ManageAsync("GET", "/tyk/keys")).ShouldBeJson(200).Body);

        var stock = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        var both = await gateway.CreateKeyAsync(Definitions.Session(["stock", "export"]));
        var export = await gateway.CreateKeyAsync(Definitions.Session(["export"], """{"org_id":"org2"}"""));
        var client = await gateway.CreateClientAsync("orders");
        var token = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        await ShouldListAsync("", stock, both, export, token);
        await ShouldListAsync("?filter=org1", stock, both, token);
        await ShouldListAsync("?filter=org2", export);
        await ShouldListAsync("?api_id=stock", stock, both);
        await ShouldListAsync("?filter=org1&api_id=export", both);
        await ShouldListAsync("?filter=org9");
        (await gateway.ManageAsync("DELETE", "/tyk/keys/" + both)).ShouldBe(200);
        await ShouldListAsync("?api_id=stock", stock);

        async Task ShouldListAsync(string query, params string[] keys)
        {
            var listed = (await gateway.ManageAsync("GET", "/tyk/keys" + query)).ShouldBeJson(200).Json.GetProperty("keys").EnumerateArray().Select(static key => key.GetString()!);
            Assert.Equal(keys.Select(Hashes.Of).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        }
    }

    private async Task<(long Remaining, long Renews)> QuotaAsync(string key)
    {
        var session = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json;
        return (session.GetProperty("quota_remaining").GetInt64(), session.GetProperty("quota_renews").GetInt64());
    }
}
