using System.Text.Json.Nodes;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Counters that several keys share by <c>meta_data.rate_limit_pattern</c> (spec d.4).</summary>
public sealed class SharedCounterTests(SharedCounterTests.Host host) : IClassFixture<SharedCounterTests.Host>
{
    private const string Limits = """{"rate":4,"per":60,"quota_max":6,"quota_renewal_rate":600}""";

    private TestGateway Gateway => host.Gateway;

    [Fact]
    public async Task KeysOfOneTeam_ShareRateAndQuota()
    {
        var (first, second) = (await KeyAsync("a"), await KeyAsync("a"));

        await PassAsync(first, 2);
        await PassAsync(second, 2);
        (await Gateway.CallAsync("/one/x", first)).ShouldBeRefused(429, "rate_exceeded");
        (await Gateway.CallAsync("/one/x", second)).ShouldBeRefused(429, "rate_exceeded");
        await PassAsync(await KeyAsync("another"), 4);

        Gateway.Time.Advance(TimeSpan.FromSeconds(60));
        await PassAsync(first, 1);
        await PassAsync(second, 1);
        Assert.Equal("\"rate\";r=2;t=60, \"quota\";r=0;t=540", (await Gateway.CallAsync("/one/x", first)).ShouldBeRefused(429, "quota_exceeded").Header("RateLimit"));
        (await Gateway.CallAsync("/one/x", second)).ShouldBeRefused(429, "quota_exceeded");
    }

    [Fact]
    public async Task Management_ShowsTheSharedQuota()
    {
        var (first, second) = (await KeyAsync("shown"), await KeyAsync("shown"));

        await PassAsync(first, 2);
        await PassAsync(second, 1);

        Assert.Equal(3, await RemainingAsync(first));
        Assert.Equal(3, await RemainingAsync(second));
        Assert.Equal(3, (await Gateway.CallAsync("/one/tyk/rate-limits/", second)).ShouldBe(200).Json.GetProperty("quota").GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task DeletedOrResetKey_DoesNotEndTheSharedCounter()
    {
        var (first, second) = (await KeyAsync("kept"), await KeyAsync("kept"));
        await PassAsync(first, 3);

        (await Gateway.ManageAsync("PUT", "/tyk/keys/" + first, Session("kept"))).ShouldBe(200);
        Assert.Equal(3, await RemainingAsync(first));
        (await Gateway.ManageAsync("DELETE", "/tyk/keys/" + first)).ShouldBe(200);

        Assert.Equal(3, await RemainingAsync(second));
        Gateway.Time.Advance(TimeSpan.FromSeconds(60));
        await PassAsync(second, 3);
        (await Gateway.CallAsync("/one/x", second)).ShouldBeRefused(429, "quota_exceeded");
    }

    [Theory]
    [InlineData("$tyk_meta.missing")]
    [InlineData("team-$tyk_meta.missing")]
    [InlineData("$tyk_context.remote_addr")]
    [InlineData("")]
    public async Task PatternThatStandsForNothing_LeavesEachKeyItsOwn(string pattern)
    {
        var (first, second) = (await KeyAsync("none", pattern), await KeyAsync("none", pattern));

        await PassAsync(first, 4);
        await PassAsync(second, 4);
    }

    [Fact]
    public async Task Organisations_AreApart()
    {
        await PassAsync(await KeyAsync("everywhere"), 4);

        var abroad = await Gateway.CreateKeyAsync(Session("everywhere", org: "org2", api: "abroad"));
        await PassAsync(abroad, 4, "/abroad/x");
    }

    // The counter of a key cannot be had by naming its hash.
    [Fact]
    public async Task HashOfAKey_IsAnotherCounter()
    {
        var victim = await Gateway.CreateKeyAsync(Definitions.Session(["one"], Limits));

        await PassAsync(await KeyAsync(KeyHash.Of(victim).ToHex(), "$tyk_meta.team"), 4);

        await PassAsync(victim, 4);
    }

    [Fact]
    public async Task PatternOfAPolicy_ResolvesByTheMetaDataOfTheKey()
    {
        var keys = new List<string>();
        foreach (var team in new[] { "red", "red", "blue" })
        {
            keys.Add(await Gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray("teams"), ["meta_data"] = new JsonObject { ["team"] = team } }));
        }

        await PassAsync(keys[0], 1);
        await PassAsync(keys[1], 1);
        (await Gateway.CallAsync("/one/x", keys[0])).ShouldBeRefused(429, "rate_exceeded");
        await PassAsync(keys[2], 2);
    }

    [Fact]
    public async Task ChangedMetaData_ActsFromTheNextRequestOn()
    {
        var (mover, stayer) = (await KeyAsync("old"), await KeyAsync("new"));
        await PassAsync(mover, 4);
        (await Gateway.CallAsync("/one/x", mover)).ShouldBeRefused(429, "rate_exceeded");

        (await Gateway.ManageAsync("PUT", "/tyk/keys/" + mover, Session("new"))).ShouldBe(200);

        await PassAsync(mover, 2);
        await PassAsync(stayer, 2);
        (await Gateway.CallAsync("/one/x", mover)).ShouldBeRefused(429, "rate_exceeded");
    }

    private Task<string> KeyAsync(string team, string pattern = "team-$tyk_meta.team") => Gateway.CreateKeyAsync(Session(team, pattern));

    private static JsonObject Session(string team, string pattern = "team-$tyk_meta.team", string org = "org1", string api = "one")
    {
        var session = Definitions.Session([api], Limits);
        session["org_id"] = org;
        session["meta_data"] = new JsonObject { ["rate_limit_pattern"] = pattern, ["team"] = team };
        return session;
    }

    private async Task PassAsync(string key, int times, string path = "/one/x")
    {
        for (var i = 0; i < times; i++)
        {
            (await Gateway.CallAsync(path, key)).ShouldBe(200);
        }
    }

    private async Task<long> RemainingAsync(string key) =>
        (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json.GetProperty("quota_remaining").GetInt64();

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream => [Definitions.Keys("one", upstream), Definitions.Keys("abroad", upstream, "org2")],
            static setup => setup.Policy("teams", Definitions.Policy(["one"], """{"rate":2,"per":60,"meta_data":{"rate_limit_pattern":"$tyk_meta.team"}}""")));
    }
}
