using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary><c>X-RateLimit-*</c> with <c>rate_limit_response_headers</c> set to <c>rate_limits</c> (spec d.6).</summary>
public sealed class RateHeaderTests(RateHeaderTests.Host host) : IClassFixture<RateHeaderTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("one")]
    [InlineData("vintage")]
    public async Task Rate_IsShown_AlsoOnRefusals(string api)
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, """{"rate":2,"per":60,"quota_max":100,"quota_renewal_rate":600}""");
        var start = Gateway.Time.GetUtcNow().ToUnixTimeSeconds();

        // The reset is the next free slot: now, while permits are left.
        await ShouldShowAsync(200, 1, start);
        Gateway.Time.Advance(TimeSpan.FromSeconds(10));
        await ShouldShowAsync(200, 0, start + 60);
        await ShouldShowAsync(429, 0, start + 60);
        Gateway.Time.Advance(TimeSpan.FromSeconds(50));
        await ShouldShowAsync(200, 0, start + 70);

        async Task ShouldShowAsync(int status, int remaining, long reset)
        {
            var answer = (await Gateway.CallAsync($"/{api}/x", key)).ShouldBe(status);
            Assert.Equal(["2", $"{remaining}", $"{reset}"], LimitHeaderTests.Figures(answer));
        }
    }

    [Theory]
    [InlineData("one", 429)]
    [InlineData("vintage", 403)]
    public async Task Rate_IsShown_WhenTheQuotaIsUsedUp(string api, int status)
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, """{"rate":5,"per":60,"quota_max":1,"quota_renewal_rate":600}""");
        (await Gateway.CallAsync($"/{api}/x", key)).ShouldBe(200);

        Assert.Equal(["5", "4", $"{Gateway.Time.GetUtcNow().ToUnixTimeSeconds()}"], LimitHeaderTests.Figures((await Gateway.CallAsync($"/{api}/x", key)).ShouldBe(status)));
    }

    [Theory]
    [InlineData("/one/x", """{"quota_max":5,"quota_renewal_rate":600}""")]
    [InlineData("/vintage/x", """{"quota_max":5,"quota_renewal_rate":600}""")]
    [InlineData("/vintage/x", "{}")]
    [InlineData("/unmetered/x", """{"rate":5,"per":60}""")]
    [InlineData("/open/x", """{"rate":5,"per":60}""")]
    public async Task NothingIsShown_WithoutARate(string path, string rules) =>
        Assert.Empty(LimitHeaderTests.Figures((await Gateway.CallAsync(path, await LimitedGateway.CreateKeyAsync(Gateway, rules))).ShouldBe(200)));

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() =>
            TestGateway.StartAsync(LimitedGateway.Apis, static setup => setup.Set("EdgeAuth:Dialects:Tyk:rate_limit_response_headers", "rate_limits"));
    }
}
