using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>A session can be looked at before it is stored, and a key be given other policies (spec f.1, c.3, e.5).</summary>
public sealed class KeyPreviewTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Preview_ShowsTheSession_AsItsPoliciesMakeIt()
    {
        var shown = (await PreviewAsync("""{"org_id":"org1","rate":9999,"per":1,"alias":"ann","apply_policies":["silver"]}""")).ShouldBeJson(200).Json;

        Assert.Equal(50, shown.GetProperty("rate").GetDouble());
        Assert.Equal(500, shown.GetProperty("quota_max").GetInt64());
        Assert.Equal(["billing", "orders", "vintage"], shown.GetProperty("access_rights").Names().Order(StringComparer.Ordinal));
        Assert.Equal("ann", shown.GetProperty("alias").GetString());
        Assert.Equal($"{Gateway.Time.GetUtcNow().ToUnixTimeSeconds()}", shown.GetProperty("last_updated").GetString());
    }

    [Fact]
    public async Task Preview_NeedsNoRights_AndTellsNoPassword()
    {
        var shown = (await PreviewAsync("""{"basic_auth_data":{"password":"in-clear"}}""")).ShouldBe(200);

        Assert.DoesNotContain("in-clear", shown.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_IsTheSame_AsADryRun() =>
        Assert.Equal(
            (await PreviewAsync("""{"org_id":"org1","apply_policies":["silver"]}""")).Body,
            (await Gateway.ManageAsync("POST", "/tyk/keys/preview?dry_run=true", TestGateway.Json("""{"org_id":"org1","apply_policies":["silver"]}"""))).ShouldBe(200).Body);

    [Theory]
    [InlineData("{", "Unmarshalling failed")]
    [InlineData("{\"rate\":true}", "Unmarshalling failed")]
    [InlineData("{\"rate\":5}", "per must be greater than 0 when rate is set")]
    [InlineData("{\"org_id\":\"org1\",\"apply_policies\":[\"xyz\"]}", "Failed to create key - policy not found: \"xyz\"")]
    public async Task Preview_OfWhatCannotBe_IsRefused(string body, string message) => (await PreviewAsync(body)).ShouldFail(400, message);

    [Theory]
    [InlineData("""{"apply_policies":["keys"]}""")]
    [InlineData("""{"policy":"keys"}""")]
    public async Task Key_GetsOtherPolicies_ByItsHash(string body)
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["orders"], """{"quota_max":10,"quota_renewal_rate":3600,"alias":"ann"}"""));
        var hash = Hashes.Of(key);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(403);

        (await ApplyAsync(hash, body)).ShouldBeModified(hash, "updated");

        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        var shown = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Json;
        Assert.Equal("keys", Assert.Single(shown.GetProperty("apply_policies").EnumerateArray()).GetString());
        Assert.Equal("ann", shown.GetProperty("alias").GetString());
    }

    [Fact]
    public async Task OtherPolicies_LeaveTheQuotaAsItIs()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"quota_max":10,"quota_renewal_rate":3600}"""));
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);

        (await ApplyAsync(Hashes.Of(key), "{}")).ShouldBe(200);

        Assert.Equal(9, (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Json.GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task PoliciesThatCannotBe_AreRefused_AndTheKeyStaysAsItWas()
    {
        var key = await Gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray("keys") });

        (await ApplyAsync(Hashes.Of(key), """{"apply_policies":["xyz"]}""")).ShouldFail(400, "Failed to create key, ensure security settings are correct.");
        (await ApplyAsync(Hashes.Of(key), "{}")).ShouldFail(400, "Failed to create key, ensure security settings are correct.");

        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"apply_policies":"keys"}""")]
    public async Task MalformedBody_IsRefused(string body) => (await ApplyAsync(Hashes.Of("any"), body)).ShouldFail(400, "Couldn't decode instruction");

    [Fact]
    public async Task UnknownKey_IsNotFound()
    {
        (await ApplyAsync(Hashes.Of("none"), "{}")).ShouldFail(404, "Key not found");
        (await ApplyAsync("no-hash", "{}")).ShouldFail(404, "Key not found");
    }

    private Task<Answer> PreviewAsync(string body) => Gateway.ManageAsync("POST", "/tyk/keys/preview", TestGateway.Json(body));

    private Task<Answer> ApplyAsync(string hash, string body) => Gateway.ManageAsync("POST", "/tyk/keys/policy/" + hash, TestGateway.Json(body));
}
