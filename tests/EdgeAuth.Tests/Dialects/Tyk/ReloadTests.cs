using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Management reloads the configuration: all of it, or none (spec f.4, j.6).</summary>
public sealed class ReloadTests
{
    public static TheoryData<string> Paths => ["/tyk/reload", "/tyk/reload/", "/tyk/reload?block=true", "/tyk/reload/?block=true", "/tyk/reload/group"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Reload_PutsTheFilesInForce_BeforeItAnswers(string path)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);
        gateway.Folder.Write("config/apis/more.json", Definitions.OAuth("more", gateway.Upstream.Url).ToJsonString());
        gateway.Folder.Delete("config/apis/open.json");
        (await gateway.CallAsync("/open/x")).ShouldBe(200);
        (await gateway.CallAsync("/more/x")).ShouldBe(404);

        var answer = await gateway.ManageAsync("GET", path);

        Assert.Equal("""{"status":"ok","message":""}""" + "\n", answer.ShouldBeJson(200).Body);
        (await gateway.CallAsync("/open/x")).ShouldBe(404);
        (await gateway.CallAsync("/more/x")).ShouldBeRefused(401, "credential_missing");
        await gateway.CreateClientAsync("more");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task DryRun_SaysWhatAReloadWouldSay_AndReloadsNothing(string method)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)], static setup => setup.Watch = true);
        gateway.Folder.Write("config/apis/more.json", Definitions.Keyless("more", gateway.Upstream.Url).ToJsonString());

        var answer = (await gateway.ManageAsync(method, "/tyk/reload?dry_run=true")).ShouldBe(200);

        Assert.Equal(method == "HEAD" ? "" : """{"status":"ok","message":"dry run: nothing was changed","changes":[]}""" + "\n", answer.Body);
        (await gateway.CallAsync("/more/x")).ShouldBe(404);
        (await gateway.ManageAsync("GET", "/tyk/reload?dry_run=perhaps")).ShouldSay(400, "dry_run must be true or false");
        gateway.Folder.Write("config/apis/open.json", "{");
        Assert.Equal(1, (await gateway.ManageAsync("GET", "/tyk/reload?dry_run=true")).ShouldBe(400).Json.GetProperty("problems").GetArrayLength());

        // It is still news to the watcher.
        gateway.Folder.Delete("config/apis/open.json");
        await Eventually.HoldsAsync(async () =>
        {
            gateway.Time.Advance(TimeSpan.FromSeconds(1));
            return (await gateway.CallAsync("/more/x")).Status == 200;
        });
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Reload_ChangesNothing_AndNamesEveryProblem_WhenAFileIsWrong(string path)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);
        gateway.Folder.Write("config/apis/good.json", Definitions.Keyless("good", gateway.Upstream.Url).ToJsonString());
        gateway.Folder.Write("config/apis/bad.json", Definitions.Keyless("bad", "not a url").ToJsonString());
        gateway.Folder.Write("config/apis/broken.json", "{");
        gateway.Folder.Write("config/policies/p.json", """{"p":{"rate":1,"per":0}}""");

        var answer = (await gateway.ManageAsync("GET", path)).ShouldBeJson(400);

        Assert.Equal(["status", "message", "problems"], answer.Json.Names());
        Assert.Equal(("error", "3 problems"), (answer.Text("status"), answer.Text("message")));
        var problems = answer.Json.GetProperty("problems").EnumerateArray().ToDictionary(static problem => problem.GetProperty("file").GetString()!, StringComparer.Ordinal);
        Assert.Equal(["apis/bad.json", "apis/broken.json", "policies/p.json"], problems.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["file", "path", "value", "reason"], problems["apis/bad.json"].Names());
        Assert.Equal(("$.proxy.target_url", "not a url"), (problems["apis/bad.json"].GetProperty("path").GetString(), problems["apis/bad.json"].GetProperty("value").GetString()));
        Assert.All(problems.Values, static problem => Assert.NotEqual("", problem.GetProperty("reason").GetString()));
        (await gateway.CallAsync("/open/x")).ShouldBe(200);
        (await gateway.CallAsync("/good/x")).ShouldBe(404);
    }

    [Fact]
    public async Task Reload_NamesOneProblem_InTheSingular()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);
        gateway.Folder.Write("config/apis/open.json", """{"api_id":"open","use_keyless":true,"proxy":{"listen_path":"/open/","target_url":"http://a.example"},"config_data":{"a":"\ud800"}}""");

        Assert.Equal("1 problem", (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBeJson(400).Text("message"));

        gateway.Folder.Write("config/apis/open.json", Definitions.Keyless("open", gateway.Upstream.Url).ToJsonString());
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
    }

    [Fact]
    public async Task Reload_KeepsClientsKeysAndTokens()
    {
        await using var gateway = await TestGateway.StartAsync(StandardGateway.Apis, StandardGateway.Policies);
        var client = await gateway.CreateClientAsync("orders", policy: "silver");
        var issued = await gateway.IssueAsync("orders", client);
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":1,"per":100}"""));
        (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        gateway.Folder.Write("config/apis/orders.json", Definitions.OAuth("orders", gateway.Upstream.Url).With("name", "renamed").ToJsonString());

        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

        (await gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        (await gateway.CallAsync("/stock/x", key)).ShouldBeRefused(429, "rate_exceeded");
        (await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")))).ShouldBe(200);
    }

    [Fact]
    public async Task ChangedPolicy_ReachesExistingKeys()
    {
        await using var gateway = await TestGateway.StartAsync(StandardGateway.Apis, StandardGateway.Policies);
        var client = await gateway.CreateClientAsync("orders", policy: "bronze");
        var token = (await gateway.IssueAsync("orders", client)).Text("access_token");
        var key = await gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray("keys") });
        Assert.Equal("\"rate\";q=5;w=10, \"quota\";q=50;w=3600", (await gateway.CallAsync("/orders/x", token)).ShouldBe(200).Header("RateLimit-Policy"));
        (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);

        gateway.Folder.Write("config/policies/bronze.json", new JsonObject { ["bronze"] = Definitions.Policy(["orders"], """{"rate":8,"per":10,"quota_max":2,"quota_renewal_rate":3600}""") }.ToJsonString());
        gateway.Folder.Write("config/policies/keys.json", new JsonObject { ["keys"] = Definitions.Policy(["attic"]) }.ToJsonString());
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

        // What was used stays used under the new maximum.
        var call = (await gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        Assert.Equal("\"rate\";q=8;w=10, \"quota\";q=2;w=3600", call.Header("RateLimit-Policy"));
        (await gateway.CallAsync("/orders/x", token)).ShouldBeRefused(429, "quota_exceeded");
        (await gateway.CallAsync("/stock/x", key)).ShouldBeRefused(403, "api_forbidden");
        (await gateway.CallAsync("/attic/x", key)).ShouldBe(200);
        Assert.Equal(8, (await gateway.ManageAsync("GET", "/tyk/keys/" + token)).Json.GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task DeletedPolicy_LeavesItsKeysWithoutRights()
    {
        await using var gateway = await TestGateway.StartAsync(StandardGateway.Apis, StandardGateway.Policies);
        var key = await gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray("keys") });
        (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);

        gateway.Folder.Delete("config/policies/keys.json");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

        (await gateway.CallAsync("/stock/x", key)).ShouldBeRefused(401, "credential_unknown");
        (await gateway.CallAsync("/export/x", key)).ShouldBeRefused(401, "credential_unknown");
        (await gateway.CallAsync("/attic/x", key)).ShouldBeTykRefusal(403, "Access to this API has been disallowed");
        (await gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200);
    }
}
