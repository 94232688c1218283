using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>
/// <c>X-RateLimit-*</c> of an API with a rate of all callers together, with <c>rate_limit_response_headers</c> set to <c>rate_limits</c>: the
/// key's values win (spec d.6).
/// </summary>
public sealed class ApiRateHeaderTests(ApiRateHeaderTests.Host host) : IClassFixture<ApiRateHeaderTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("open", "/x1")]
    [InlineData("quaint", "/x1")]
    public async Task ApiWithoutCredentials_ShowsTheRateOfAll(string api, string path)
    {
        Assert.Equal(["3", "2", "now"], await FiguresAsync($"/{api}{path}", null, 200));
        Assert.Equal(["3", "1", "now"], await FiguresAsync($"/{api}{path}", null, 200));
        Assert.Equal(["3", "0", "60"], await FiguresAsync($"/{api}{path}", null, 200));
        Assert.Equal(["3", "0", "60"], await FiguresAsync($"/{api}{path}", null, 429));
    }

    [Fact]
    public async Task KeyWithoutARate_ShowsTheRateOfAll()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["wide"], """{"quota_max":50,"quota_renewal_rate":3600}"""));

        Assert.Equal(["3", "2", "now"], await FiguresAsync("/wide/x", key, 200));
        Gateway.Time.Advance(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task KeyWithARate_ShowsItsOwn_AlsoWhereAllTogetherAreRefused()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["wide"], """{"rate":10,"per":90}"""));

        for (var left = 9; left >= 7; left--)
        {
            Assert.Equal(["10", $"{left}", "now"], await FiguresAsync("/wide/x", key, 200));
        }

        Assert.Equal(["10", "7", "now"], await FiguresAsync("/wide/x", key, 429));
        Gateway.Time.Advance(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task ApiWithoutAnyRate_ShowsNothing() => Assert.Empty(await FiguresAsync("/plain/x", null, 200));

    [Fact]
    public async Task FieldsOfTheUpstream_AreReplaced()
    {
        Gateway.Upstream.Answer = static context =>
        {
            context.Response.Headers["X-RateLimit-Limit"] = "777";
            return Task.CompletedTask;
        };

        Assert.Equal("3", (await Gateway.CallAsync("/spare/x")).ShouldBe(200).Header("X-RateLimit-Limit"));
        Assert.Equal("777", (await Gateway.CallAsync("/plain/x")).ShouldBe(200).Header("X-RateLimit-Limit"));
        Gateway.Upstream.Answer = static _ => Task.CompletedTask;
    }

    // The reset in seconds from now.
    private async Task<string[]> FiguresAsync(string path, string? key, int status)
    {
        var figures = LimitHeaderTests.Figures((await Gateway.CallAsync(path, key)).ShouldBe(status)).ToArray();
        if (figures.Length == 3)
        {
            var wait = long.Parse(figures[2]) - Gateway.Time.GetUtcNow().ToUnixTimeSeconds();
            figures[2] = wait == 0 ? "now" : $"{wait}";
        }

        return figures;
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream =>
            [
                .. new[] { Definitions.Keyless("open", upstream), Definitions.Keyless("quaint", upstream).With("errors", "tyk"), Definitions.Keyless("spare", upstream), Definitions.Keys("wide", upstream) }
                    .Select(static api => api.With("global_rate_limit.rate", 3).With("global_rate_limit.per", 60)),
                Definitions.Keyless("plain", upstream),
            ],
            static setup => setup.Set("EdgeAuth:Dialects:Tyk:rate_limit_response_headers", "rate_limits"));
    }
}
