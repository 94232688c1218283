using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Rates of all callers of an API together, and of single paths and methods of it (spec d.2 step 11, g).</summary>
public sealed class ApiRateTests(ApiRateTests.Host host) : IClassFixture<ApiRateTests.Host>
{
    private static readonly string[] Names = ["wide", "vintage", "paths", "off", "disabled", "free"];

    private TestGateway Gateway => host.Gateway;

    [Fact]
    public async Task Rate_IsThatOfAllCallersTogether()
    {
        var (first, second) = (await KeyAsync(), await KeyAsync());
        foreach (var key in new[] { first, second, first })
        {
            (await Gateway.CallAsync("/wide/x", key)).ShouldBe(200);
        }

        Gateway.Time.Advance(TimeSpan.FromSeconds(20));
        var refused = (await Gateway.CallAsync("/wide/x", second)).ShouldBeRefused(429, "api_rate_exceeded");

        Assert.Equal("40", refused.Header("Retry-After"));
        Assert.Equal("API Rate Limit Exceeded", refused.Text("error"));
        await ForgetAsync();
        (await Gateway.CallAsync("/wide/x", second)).ShouldBe(200);
        await ForgetAsync();
    }

    // Neither the rate nor the quota of the key; what is shown is as if the request had not been made.
    [Fact]
    public async Task RefusedRequest_IsChargedToNothing_AndShowsTheLimitsOfTheKey()
    {
        var key = await KeyAsync("""{"rate":10,"per":3600,"quota_max":20,"quota_renewal_rate":3600}""");
        await CallAsync("/wide/x", key, 3);

        for (var i = 0; i < 12; i++)
        {
            var refused = (await Gateway.CallAsync("/wide/x", key)).ShouldBeRefused(429, "api_rate_exceeded");
            Assert.Equal("\"rate\";r=7;t=3600, \"quota\";r=17;t=3600", refused.Header("RateLimit"));
            Assert.Equal("\"rate\";q=10;w=3600, \"quota\";q=20;w=3600", refused.Header("RateLimit-Policy"));
            Assert.Equal("17", refused.Header("X-RateLimit-Remaining"));
            Assert.Equal("60", refused.Header("Retry-After"));
        }

        var shown = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json;
        Assert.Equal(17, shown.GetProperty("quota_remaining").GetInt64());
        await ForgetAsync();
        Assert.Equal("\"rate\";r=6;t=3540, \"quota\";r=16;t=3540", (await Gateway.CallAsync("/wide/x", key)).ShouldBe(200).Header("RateLimit"));
        await ForgetAsync();
    }

    [Fact]
    public async Task TykStyle_SaysItAsTykDoes()
    {
        var key = await KeyAsync("""{"quota_max":20,"quota_renewal_rate":3600}""");
        await CallAsync("/vintage/x", key, 3);

        var refused = (await Gateway.CallAsync("/vintage/x", key)).ShouldBeTykRefusal(429, "API Rate Limit Exceeded");

        Assert.Equal("60", refused.Header("Retry-After"));
        Assert.Null(refused.Header("X-RateLimit-Remaining"));
        await ForgetAsync();
    }

    [Fact]
    public async Task RateOfTheKey_ComesFirst_AndIsNotChargedToAll()
    {
        var key = await KeyAsync("""{"rate":1,"per":3600}""");
        await CallAsync("/wide/x", key, 1);

        for (var i = 0; i < 5; i++)
        {
            (await Gateway.CallAsync("/wide/x", key)).ShouldBeRefused(429, "rate_exceeded");
        }

        (await Gateway.CallAsync("/wide/x")).ShouldBeRefused(401, "credential_missing");
        await CallAsync("/wide/x", await KeyAsync(), 2);
        await ForgetAsync();
    }

    [Fact]
    public async Task ApiWithoutCredentials_HasOneToo()
    {
        await CallAsync("/open/x", null, 3);

        var refused = (await Gateway.CallAsync("/open/x")).ShouldBeRefused(429, "api_rate_exceeded");

        Assert.Equal("60", refused.Header("Retry-After"));
        Assert.Null(refused.Header("RateLimit"));
        await ForgetAsync();
    }

    // Whoever needs no key there, and whoever has one, are of one count.
    [Fact]
    public async Task IgnoredPath_IsCountedToo()
    {
        var key = await KeyAsync("""{"quota_max":20,"quota_renewal_rate":3600}""");
        await CallAsync("/free/open", null, 2);
        await CallAsync("/free/x", key, 1);

        (await Gateway.CallAsync("/free/open")).ShouldBeRefused(429, "api_rate_exceeded");
        (await Gateway.CallAsync("/free/x", key)).ShouldBeRefused(429, "api_rate_exceeded");
        Assert.Equal(19, (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Json.GetProperty("quota_remaining").GetInt64());
        await ForgetAsync();
    }

    [Theory]
    [InlineData("off")]
    [InlineData("disabled")]
    public async Task SwitchedOffRate_DoesNotCount(string api) => await CallAsync($"/{api}/x", await KeyAsync(), 10);

    [Fact]
    public async Task RateOfAPath_ReplacesThatOfTheApi_AndCountsByPathAndMethod()
    {
        var key = await KeyAsync();

        // Below the listen path and below the id it is the same API.
        await CallAsync("/paths/items/1", key, 1);
        await CallAsync("/ways/items/2", key, 1);
        (await Gateway.CallAsync("/paths/items/3", key)).ShouldBeRefused(429, "api_rate_exceeded");
        await CallAsync("/paths/items/1", key, 1, "POST");
        (await Gateway.CallAsync("/paths/items/1", key, "POST")).ShouldBeRefused(429, "api_rate_exceeded");

        // The first that matches counts, an entry that is switched off or without a rate does not.
        await CallAsync("/paths/items/1", key, 3, "PUT");
        (await Gateway.CallAsync("/paths/other", key)).ShouldBeRefused(429, "api_rate_exceeded");
        await CallAsync("/paths/busy", key, 5);
        (await Gateway.CallAsync("/paths/busy", key)).ShouldBeRefused(429, "api_rate_exceeded");
        await ForgetAsync();
    }

    [Fact]
    public async Task Counters_SurviveAReload_AndTakeAChangedRate()
    {
        await CallAsync("/open/x", null, 2);

        Gateway.Folder.Write("config/apis/open.json", Definitions.Keyless("open", Gateway.Upstream.Url).With("global_rate_limit.rate", 4).With("global_rate_limit.per", 60).ToJsonString());
        (await Gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
        await CallAsync("/open/x", null, 2);
        (await Gateway.CallAsync("/open/x")).ShouldBeRefused(429, "api_rate_exceeded");

        Gateway.Folder.Write("config/apis/open.json", Definitions.Keyless("open", Gateway.Upstream.Url).With("global_rate_limit.rate", 3).With("global_rate_limit.per", 60).ToJsonString());
        (await Gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
        (await Gateway.CallAsync("/open/x")).ShouldBeRefused(429, "api_rate_exceeded");
        await ForgetAsync();
    }

    // One key is at its own last permit, the other is not: nobody's counter keeps anything of who was refused.
    [Fact]
    public async Task RacingCallers_ShareExactlyTheRate_AndTheRefusedAreChargedToNothing()
    {
        var keys = new[] { await KeyAsync("""{"rate":50,"per":60,"quota_max":50,"quota_renewal_rate":3600}"""), await KeyAsync("""{"rate":50,"per":60,"quota_max":50,"quota_renewal_rate":3600}""") };
        Gateway.Upstream.Requests.Clear();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i => (Key: keys[i % 2], Answer: await Gateway.CallAsync("/wide/x", keys[i % 2]))));

        Assert.Equal(3, Gateway.Upstream.Requests.Count);
        Assert.All(answers.Where(static call => call.Answer.Status != 200), static call => call.Answer.ShouldBeRefused(429, "api_rate_exceeded"));
        foreach (var key in keys)
        {
            var passed = answers.Count(call => call.Key == key && call.Answer.Status == 200);
            Assert.Equal(50 - passed, (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Json.GetProperty("quota_remaining").GetInt64());
            Assert.StartsWith($"\"rate\";r={50 - passed}", (await Gateway.CallAsync("/wide/x", key)).ShouldBe(429).Header("RateLimit"), StringComparison.Ordinal);
        }

        await ForgetAsync();
    }

    private Task<string> KeyAsync(string rules = "{}") => Gateway.CreateKeyAsync(Definitions.Session(Names, rules));

    private async Task CallAsync(string path, string? key, int times, string method = "GET")
    {
        for (var i = 0; i < times; i++)
        {
            (await Gateway.CallAsync(path, key, method)).ShouldBe(200);
        }
    }

    // The windows of all callers are over, for the next test.
    private Task ForgetAsync()
    {
        Gateway.Time.Advance(TimeSpan.FromSeconds(60));
        return Task.CompletedTask;
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Rated(Definitions.Keys("wide", upstream)),
            Rated(Definitions.Keys("vintage", upstream)).With("errors", "tyk"),
            Rated(Definitions.Keyless("open", upstream)),
            Rated(Definitions.Keys("off", upstream)).With("disable_rate_limit", true),
            Rated(Definitions.Keys("disabled", upstream)).With("global_rate_limit.disabled", true),
            Rated(Definitions.Keys("free", upstream)).With("version_data.versions.Default.paths.ignored", new[] { "/open$" }),
            WithPaths(Rated(Definitions.Keys("paths", upstream)).With("proxy.listen_path", "/ways/")),
        ]);

        private static JsonObject Rated(JsonObject definition) => definition.With("global_rate_limit.rate", 3).With("global_rate_limit.per", 60);

        private static JsonObject WithPaths(JsonObject definition)
        {
            definition["version_data"]!["versions"] = JsonNode.Parse("""
                {"Default":{"name":"Default","use_extended_paths":true,"extended_paths":{"rate_limit":[
                  {"path":"/items/","method":"PUT","rate":1,"per":60,"disabled":true},
                  {"path":"/items/","method":"PUT","rate":0,"per":60},
                  {"path":"/items/{id}$","method":"GET","rate":2,"per":60},
                  {"path":"/items/","method":"POST","rate":1,"per":60},
                  {"path":"/items/","method":"GET","rate":100,"per":60},
                  {"path":"/busy$","method":"get","rate":5,"per":60}]}}}
                """);
            return definition;
        }
    }
}
