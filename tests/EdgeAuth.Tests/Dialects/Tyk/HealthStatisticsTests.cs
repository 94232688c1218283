using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary><c>GET /tyk/health</c> (spec f.6).</summary>
public sealed class HealthStatisticsTests
{
    [Fact]
    public async Task Statistics_AreOff_UnlessSwitchedOn()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);

        (await gateway.ManageAsync("GET", "/tyk/health?api_id=open")).ShouldFail(400, "Health checks are not enabled for this node");
    }

    [Fact]
    public async Task Statistics_AreAveragesOfTheLastSeconds()
    {
        await using var gateway = await StartAsync();
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":4,"per":60}"""));
        var used = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"quota_max":1,"quota_renewal_rate":600}"""));
        (await gateway.ManageAsync("GET", "/tyk/health?api_id=stock")).ShouldBeJson(200);
        Assert.Equal((0, 0, 0, 0, 0), await ReadAsync(gateway, "stock"));

        gateway.Upstream.Answer = context =>
        {
            gateway.Time.Advance(TimeSpan.FromMilliseconds(30));
            return Task.CompletedTask;
        };
        for (var i = 0; i < 6; i++)
        {
            await gateway.CallAsync("/stock/x", key);
            await gateway.CallAsync("/stock/x", "unknown");
        }

        for (var i = 0; i < 4; i++)
        {
            await gateway.CallAsync("/stock/x", used);
        }

        // Two throttled, three beyond their quota, six unknown and five passed, over ten seconds.
        Assert.Equal((0.2, 0.3, 0.6, 30, 0.5), await ReadAsync(gateway, "stock"));
        Assert.Equal((0, 0, 0, 0, 0), await ReadAsync(gateway, "open"));

        gateway.Time.Advance(TimeSpan.FromSeconds(5));
        gateway.Upstream.Answer = static _ => Task.CompletedTask;
        await gateway.CallAsync("/stock/x", "unknown");
        Assert.Equal((0.2, 0.3, 0.7, 30, 0.5), await ReadAsync(gateway, "stock"));

        gateway.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal((0, 0, 0.1, 0, 0), await ReadAsync(gateway, "stock"));
        gateway.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((0, 0, 0, 0, 0), await ReadAsync(gateway, "stock"));
    }

    [Fact]
    public async Task Statistics_SurviveAReload()
    {
        await using var gateway = await StartAsync();
        await gateway.CallAsync("/open/x");

        gateway.Folder.Write("config/apis/open.json", Definitions.Keyless("open", gateway.Upstream.Url).With("name", "other").ToJsonString());
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
        await gateway.CallAsync("/open/x");

        Assert.Equal(0.2, (await ReadAsync(gateway, "open")).Requests);
    }

    [Fact]
    public async Task Api_MustBeNamed_AndBeServed()
    {
        await using var gateway = await StartAsync();

        (await gateway.ManageAsync("GET", "/tyk/health")).ShouldFail(400, "missing api_id parameter");
        (await gateway.ManageAsync("GET", "/tyk/health?api_id=")).ShouldFail(400, "missing api_id parameter");
        (await gateway.ManageAsync("GET", "/tyk/health?api_id=nowhere")).ShouldFail(404, "API ID not found");
        (await gateway.ManageAsync("POST", "/tyk/health?api_id=open")).ShouldFail(405, "Method not supported");
        (await gateway.CallAsync("/tyk/health?api_id=open")).ShouldBe(403);
    }

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(
        static upstream => [Definitions.Keyless("open", upstream), Definitions.Keys("stock", upstream)],
        static setup =>
        {
            setup.Set("EdgeAuth:Dialects:Tyk:health_check:enable_health_checks", "true");
            setup.Set("EdgeAuth:Dialects:Tyk:health_check:health_check_value_timeouts", "10");
        });

    private static async Task<(double Throttled, double Quota, double Keys, double Latency, double Requests)> ReadAsync(TestGateway gateway, string api)
    {
        var shown = (await gateway.ManageAsync("GET", "/tyk/health?api_id=" + api)).ShouldBe(200).Json;
        Assert.Equal(["throttle_reqests_per_second", "quota_violations_per_second", "key_failures_per_second", "average_upstream_latency", "average_requests_per_second"], shown.Names());
        return (Figure("throttle_reqests_per_second"), Figure("quota_violations_per_second"), Figure("key_failures_per_second"), Figure("average_upstream_latency"), Figure("average_requests_per_second"));

        double Figure(string name) => shown.GetProperty(name).GetDouble();
    }
}
