using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Keys are replaced and deleted: what stays, what is reset (spec f.1, d.5).</summary>
public sealed class KeyUpdateTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string Quota = """{"quota_max":2,"quota_renewal_rate":3600}""";

    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Update_ReplacesTheSession_AndKeepsItsBirthday()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"alias":"old","tags":["a"]}"""));
        var born = (await ReadAsync(key)).Text("date_created");
        Gateway.Time.Advance(TimeSpan.FromSeconds(100));

        (await PutAsync(key, Definitions.Session(["attic"], """{"date_created":"2001-01-01T00:00:00Z"}"""))).ShouldBeModified(key, "modified");

        var session = await ReadAsync(key);
        Assert.Equal((born, "", 0), (session.Text("date_created"), session.Text("alias"), session.Json.GetProperty("tags").GetArrayLength()));
        Assert.Equal(Gateway.Time.GetUtcNow().ToUnixTimeSeconds().ToString(), session.Text("last_updated"));
        (await Gateway.CallAsync("/attic/x", key)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(403, "api_forbidden");
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(-1, -1, true)]
    [InlineData(1, 1, false)]
    public async Task Expiry_IsTaken_WhenItIsNotInThePast(long sent, long kept, bool lives)
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], Expires(100)));

        (await PutAsync(key, Definitions.Session(["stock"], $"{{\"expires\":{sent}}}"))).ShouldBe(200);

        Assert.Equal(kept, (await ReadAsync(key)).Json.GetProperty("expires").GetInt64());
        Assert.Equal(lives ? 200 : 401, (await Gateway.CallAsync("/stock/x", key)).Status);
    }

    [Theory]
    [InlineData(-100)]
    [InlineData(-1)]
    public async Task Expiry_StaysAsStored_WhenAPastOneIsSent(int offset)
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], Expires(100)));
        var stored = (await ReadAsync(key)).Json.GetProperty("expires").GetInt64();

        (await PutAsync(key, Definitions.Session(["stock"], Expires(offset)))).ShouldBe(200);

        Assert.Equal(stored, (await ReadAsync(key)).Json.GetProperty("expires").GetInt64());
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Fact]
    public async Task Counters_AreReset_UnlessThatIsSuppressed()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], Quota));
        await UseUpAsync(key);

        (await PutAsync(key + "?suppress_reset=1", Definitions.Session(["stock"], Quota))).ShouldBeModified(key, "modified");
        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(429, "quota_exceeded");

        (await PutAsync(key + "?suppress_reset=0", Definitions.Session(["stock"], Quota))).ShouldBe(200);
        await UseUpAsync(key);
        (await PutAsync(key, Definitions.Session(["stock"], Quota))).ShouldBe(200);
        await UseUpAsync(key);
    }

    [Fact]
    public async Task Maximum_ActsOnTheRunningCounter_WhenTheResetIsSuppressed()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], Quota));
        await UseUpAsync(key);

        (await PutAsync(key + "?suppress_reset=1", Definitions.Session(["stock"], """{"quota_max":3,"quota_renewal_rate":3600}"""))).ShouldBe(200);
        Assert.Equal(1, (await ReadAsync(key)).Json.GetProperty("quota_remaining").GetInt64());
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(429, "quota_exceeded");

        (await PutAsync(key + "?suppress_reset=1", Definitions.Session(["stock"], """{"quota_max":1,"quota_renewal_rate":3600}"""))).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(429, "quota_exceeded");
        Assert.Equal(0, (await ReadAsync(key)).Json.GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task Counters_AreResetInEveryScope()
    {
        var session = Definitions.Session(["stock", "attic"], """{"quota_max":1,"quota_renewal_rate":3600}""");
        session["access_rights"]!["stock"]!["limit"] = JsonNode.Parse("""{"quota_max":1,"quota_renewal_rate":3600}""");
        var key = await Gateway.CreateKeyAsync(session);
        foreach (var api in new[] { "stock", "attic" })
        {
            (await Gateway.CallAsync($"/{api}/x", key)).ShouldBe(200);
            Assert.NotEqual(200, (await Gateway.CallAsync($"/{api}/x", key)).Status);
        }

        (await PutAsync(key, session)).ShouldBe(200);

        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        (await Gateway.CallAsync("/attic/x", key)).ShouldBe(200);
    }

    [Fact]
    public async Task Counters_Stay_WhenTheApiDoesNotSetQuotasOnCreation()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keys("still", upstream).With("dont_set_quota_on_create", true),
            Definitions.Keys("stock", upstream),
        ]);
        var key = (await gateway.ManageAsync("POST", "/tyk/keys/kept", Definitions.Session(["still"], """{"quota_max":1,"quota_renewal_rate":3600}"""))).ShouldBe(200).Text("key");
        (await gateway.CallAsync("/still/x", key)).ShouldBe(200);

        foreach (var method in new[] { "PUT", "POST" })
        {
            (await gateway.ManageAsync(method, "/tyk/keys/" + key, Definitions.Session(["still"], """{"quota_max":1,"quota_renewal_rate":3600}"""))).ShouldBe(200);
            (await gateway.CallAsync("/still/x", key)).ShouldBeRefused(429, "quota_exceeded");
        }
    }

    [Theory]
    [InlineData("{", 400, "Request malformed")]
    [InlineData("{}", 404, "Key is not found")]
    public async Task Update_Fails_ForAnUnknownKey(string body, int status, string message) =>
        (await Gateway.ManageAsync("PUT", "/tyk/keys/never-was", TestGateway.Json(body))).ShouldFail(status, message);

    [Fact]
    public async Task Update_Fails_WhenItWouldLeaveNoRights()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        (await PutAsync(key, new JsonObject { ["org_id"] = "org1" })).ShouldFail(400, "Failed to create key, ensure security settings are correct.");
        (await PutAsync(key, new JsonObject { ["apply_policies"] = new JsonArray("unheard-of") })).ShouldFail(400, "Failed to create key, ensure security settings are correct.");
        (await PutAsync(key, Definitions.Session(["stock"], """{"rate":1}"""))).ShouldFail(400, "per must be greater than 0 when rate is set");

        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Fact]
    public async Task OAuthToken_CanBeChanged_AndStaysItsClients()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        (await PutAsync(token, Definitions.Session(["orders"], """{"alias":"edited","expires":0}"""))).ShouldBeModified(token, "modified");

        Assert.Equal(("edited", client.Id), ((await ReadAsync(token)).Text("alias"), (await ReadAsync(token)).Text("oauth_client_id")));
        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        (await Gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + client.Id)).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "client_deleted");
    }

    [Fact]
    public async Task Deleting_EndsTheKeyAtOnce()
    {
        var key = (await Gateway.ManageAsync("POST", "/tyk/keys/short-lived", Definitions.Session(["stock"], Quota))).Text("key");
        await UseUpAsync(key);

        (await Gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).ShouldBeModified(key, "deleted");

        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(401, "credential_unknown");
        (await Gateway.CallAsync("/attic/x", key)).ShouldBeTykRefusal(403, "Access to this API has been disallowed");
        (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldFail(404, "Key not found");
        (await Gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).ShouldFail(404, "There is no such key found");

        // The counters went with it, also if it comes back without a reset of its own.
        await Gateway.ManageAsync("POST", "/tyk/keys/short-lived?suppress_reset=1", Definitions.Session(["stock"], Quota));
        await UseUpAsync(key);
    }

    [Fact]
    public async Task Deleting_AnswersNull_ForEveryApiAtOnce()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        var answer = (await Gateway.ManageAsync("DELETE", $"/tyk/keys/{key}?api_id=-1")).ShouldBeJson(200);

        Assert.Equal("null\n", answer.Body);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(401);
        (await Gateway.ManageAsync("DELETE", $"/tyk/keys/{key}?api_id=-1")).ShouldFail(404, "There is no such key found");
    }

    private async Task UseUpAsync(string key)
    {
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(429, "quota_exceeded");
    }

    private string Expires(int offset) => $"{{\"expires\":{Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + offset}}}";

    private Task<Answer> PutAsync(string key, JsonObject session) => Gateway.ManageAsync("PUT", "/tyk/keys/" + key, session);

    private async Task<Answer> ReadAsync(string key) => (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200);
}
