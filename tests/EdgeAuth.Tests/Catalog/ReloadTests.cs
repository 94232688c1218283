using System.Text.Json.Nodes;
using EdgeAuth.Catalog;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Catalog;

/// <summary>What <c>GET /tyk/reload</c> does with changed files (design: reload promise; spec/tyk.md f.4, j.6).</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task NewApi_Appears_AndRemovedApi_IsGone()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("first", upstream)]);
        (await gateway.CallAsync("/second/x")).ShouldBe(404);

        Write(gateway, Definitions.OAuth("second", gateway.Upstream.Url).With("use_keyless", true));
        gateway.Folder.Delete("config/apis/first.json");
        (await gateway.CallAsync("/first/x")).ShouldBe(200);
        (await gateway.CallAsync("/second/x")).ShouldBe(404);
        await ReloadAsync(gateway);

        (await gateway.CallAsync("/second/x")).ShouldBe(200);
        (await gateway.CallAsync("/second/oauth/token", method: "POST")).ShouldBe(400);
        (await gateway.CallAsync("/first/x")).ShouldBe(404);
    }

    [Fact]
    public async Task ChangedDefinition_ActsWhole()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream + "/old")]);
        (await gateway.CallAsync("/orders/x")).ShouldBe(200);

        Write(gateway, Definitions.Keys("orders", gateway.Upstream.Url + "/new").With("errors", "tyk"));
        await ReloadAsync(gateway);
        var key = await gateway.CreateKeyAsync(Definitions.Session(["orders"]));
        (await gateway.CallAsync("/orders/x", key)).ShouldBe(200);

        Assert.Equal("Authorization field missing", (await gateway.CallAsync("/orders/x")).ShouldBe(401).Text("error"));
        Assert.Equal(["/old/x", "/new/x"], gateway.Upstream.Requests.Select(static request => request.Path));
    }

    [Fact]
    public async Task ChangedPolicy_ReachesKeysThatExist()
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.Keys("orders", upstream), Definitions.Keys("reports", upstream)],
            static setup => setup.Policy("gold", Policy("""{ "orders": {} }""", rate: 1)));
        var key = await gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray("gold") });
        (await gateway.CallAsync("/orders/1", key)).ShouldBe(200);
        (await gateway.CallAsync("/orders/2", key)).ShouldBeRefused(429, "rate_exceeded");
        (await gateway.CallAsync("/reports/1", key)).ShouldBeRefused(403, "api_forbidden");

        gateway.Folder.Write("config/policies/gold.json", new JsonObject { ["gold"] = Policy("""{ "orders": {}, "reports": {} }""", rate: 5) }.ToJsonString());
        await ReloadAsync(gateway);

        (await gateway.CallAsync("/orders/3", key)).ShouldBe(200);
        (await gateway.CallAsync("/reports/2", key)).ShouldBe(200);

        // A key whose policies are all gone is refused; it does not become one without limits (spec/tyk.md e.3).
        gateway.Folder.Delete("config/policies/gold.json");
        await ReloadAsync(gateway);
        (await gateway.CallAsync("/orders/4", key)).ShouldBeRefused(401, "credential_unknown");
    }

    [Theory]
    [InlineData("/tyk/reload")]
    [InlineData("/tyk/reload/")]
    [InlineData("/tyk/reload?block=true")]
    [InlineData("/tyk/reload/group")]
    public async Task InvalidFile_ChangesNothing_AndIsExplained(string path)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        Write(gateway, Definitions.Keyless("reports", gateway.Upstream.Url));
        Write(gateway, Definitions.Keyless("orders", "nonsense").With("session_lifetime", -5).With("yarp", 7));
        gateway.Folder.Write("config/policies/broken.json", "{");

        var refused = (await gateway.ManageAsync("GET", path)).ShouldSay(400, "2 problems");

        Assert.Equal("error", refused.Text("status"));
        Assert.Equal(
            [
                """{"file":"apis/orders.json","path":"$.yarp","value":7,"reason":"must be an object"}""",
                """{"file":"policies/broken.json","path":"$","value":null,"reason":"is not valid JSON (line 1): Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed."}""",
            ],
            refused.Json.GetProperty("problems").EnumerateArray().Select(static problem => problem.GetRawText()));
        (await gateway.CallAsync("/orders/x")).ShouldBe(200);
        (await gateway.CallAsync("/reports/x")).ShouldBe(404);

        // With the types right the rules have their say.
        Write(gateway, Definitions.Keyless("orders", "nonsense").With("session_lifetime", -5));
        gateway.Folder.Delete("config/policies/broken.json");
        refused = (await gateway.ManageAsync("GET", path)).ShouldSay(400, "2 problems");
        Assert.Equal(
            [
                """{"file":"apis/orders.json","path":"$.proxy.target_url","value":"nonsense","reason":"must be an absolute http or https URL"}""",
                """{"file":"apis/orders.json","path":"$.session_lifetime","value":-5,"reason":"must be a number of seconds, 0 for no limit"}""",
            ],
            refused.Json.GetProperty("problems").EnumerateArray().Select(static problem => problem.GetRawText()));
        Assert.Contains(gateway.Logs.Lines, static line => line.Level == LogLevel.Error && line.Text.Contains("apis/orders.json $.session_lifetime = -5: must be", StringComparison.Ordinal));
        (await gateway.CallAsync("/reports/x")).ShouldBe(404);

        Write(gateway, Definitions.Keyless("orders", gateway.Upstream.Url));
        Assert.Equal("""{"status":"ok","message":""}""", (await gateway.ManageAsync("GET", path)).ShouldBe(200).Body.TrimEnd());
        (await gateway.CallAsync("/reports/x")).ShouldBe(200);
    }

    [Fact]
    public async Task RefusedReload_ShowsInReadiness_UntilOneSucceeds()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        Assert.Equal("pass", (await gateway.CallAsync("/ready")).ShouldBe(200).Text("status"));
        gateway.Folder.Write("config/gateway.json", """{ "EdgeAuth": { "OAuht": {} } }""");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(400, "1 problem");

        var ready = (await gateway.CallAsync("/ready")).ShouldBe(200);

        Assert.Equal("warn", ready.Text("status"));
        var detail = ready.Json.GetProperty("details").GetProperty("configuration");
        Assert.Equal("warn", detail.GetProperty("status").GetString());
        Assert.Contains("refused", detail.GetProperty("output").GetString(), StringComparison.Ordinal);

        gateway.Folder.Delete("config/gateway.json");
        await ReloadAsync(gateway);
        Assert.Equal("pass", (await gateway.CallAsync("/ready")).ShouldBe(200).Text("status"));
    }

    [Fact]
    public async Task UnchangedContent_IsNoNewGeneration()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("orders", upstream)]);
        var catalogs = gateway.Services.GetRequiredService<CatalogHolder>();
        var before = catalogs.Current;
        var text = await File.ReadAllTextAsync(gateway.Folder.File("config/apis/orders.json"));

        await ReloadAsync(gateway);
        gateway.Folder.Write("config/apis/orders.json", "// laid out anew\n" + text.ReplaceLineEndings("\n\n"));
        await ReloadAsync(gateway);
        gateway.Folder.Write("config/notes.txt", "not a file that counts");
        await ReloadAsync(gateway);

        Assert.Same(before, catalogs.Current);
        Write(gateway, Definitions.Keys("orders", gateway.Upstream.Url).With("name", "Another name"));
        await ReloadAsync(gateway);
        Assert.NotSame(before, catalogs.Current);
    }

    [Fact]
    public async Task ReloadsAtTheSameTime_AllEndWell()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        Write(gateway, Definitions.Keyless("reports", gateway.Upstream.Url));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.ManageAsync("GET", "/tyk/reload")));

        Assert.All(answers, static answer => answer.ShouldBe(200));
        (await gateway.CallAsync("/reports/x")).ShouldBe(200);
    }

    [Fact]
    public async Task OAuthEndpoints_FollowTheGeneration()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)]);
        var client = await gateway.CreateClientAsync("orders", more: new JsonObject { ["policy_id"] = null });
        var rules = Definitions.Session(["orders"]);
        Assert.Equal(3600, (await gateway.IssueAsync("orders", client, rules)).Json.GetProperty("expires_in").GetInt32());

        Write(gateway, Definitions.OAuth("orders", gateway.Upstream.Url).With("oauth_meta.access_token_lifetime", "5m"));
        await ReloadAsync(gateway);
        Assert.Equal(300, (await gateway.IssueAsync("orders", client, rules)).Json.GetProperty("expires_in").GetInt32());

        Write(gateway, Definitions.OAuth("orders", gateway.Upstream.Url).With("oauth_meta.allowed_access_types", new[] { "client_credentials" }));
        await ReloadAsync(gateway);
        var code = await gateway.AuthorizeAsync("orders", client, rules);
        (await gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBe(400);

        gateway.Folder.Delete("config/apis/orders.json");
        await ReloadAsync(gateway);
        (await gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(404);
    }

    private static JsonObject Policy(string rights, int rate) => new()
    {
        ["org_id"] = "org1",
        ["rate"] = rate,
        ["per"] = 60,
        ["access_rights"] = JsonNode.Parse(rights),
    };

    private static void Write(TestGateway gateway, JsonObject definition) => gateway.Folder.Write($"config/apis/{definition["api_id"]}.json", definition.ToJsonString());

    private static async Task ReloadAsync(TestGateway gateway) => (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
}
