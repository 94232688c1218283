using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Requests that race for the last permit: one gets it, the others reach no upstream and are charged to nothing.</summary>
public sealed class LimitRaceTests(LimitedGateway shared) : IClassFixture<LimitedGateway>
{
    private const int Racers = 40;

    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("""{"rate":5,"per":60,"quota_max":50,"quota_renewal_rate":3600}""", "rate_exceeded", 60)]
    [InlineData("""{"rate":50,"per":60,"quota_max":5,"quota_renewal_rate":3600}""", "quota_exceeded", 3600)]
    [InlineData("""{"quota_max":5,"quota_renewal_rate":0}""", "quota_exceeded", 0)]
    public async Task LastPermit_GoesToOne(string rules, string code, int free)
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, rules);
        Assert.Equal(4, await LimitedGateway.CountAsync(Gateway, "/one/x", key, most: 4));
        Gateway.Upstream.Requests.Clear();

        var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(i => Gateway.CallAsync(i % 2 == 0 ? "/one/race" : "/two/race", key)));

        Assert.Single(answers, static answer => answer.Status == 200);
        Assert.All(answers.Where(static answer => answer.Status != 200), answer => answer.ShouldBeRefused(429, code));
        Assert.Single(Gateway.Upstream.Requests);
        var shown = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json;
        Assert.Equal(shown.GetProperty("quota_max").GetInt64() - 5, shown.GetProperty("quota_remaining").GetInt64());

        if (free > 0)
        {
            // Nothing of what was refused is left in either counter.
            Gateway.Time.Advance(TimeSpan.FromSeconds(free));
            Assert.Equal(5, await LimitedGateway.CountAsync(Gateway, "/one/x", key));
        }
    }

    [Fact]
    public async Task FreshKey_GetsExactlyItsRate_HoweverManyAskAtOnce()
    {
        var key = await LimitedGateway.CreateKeyAsync(Gateway, """{"rate":7,"per":60,"quota_max":7,"quota_renewal_rate":60}""");
        Gateway.Upstream.Requests.Clear();

        var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => Gateway.CallAsync("/one/race", key)));

        Assert.Equal(7, answers.Count(static answer => answer.Status == 200));
        Assert.Equal(7, Gateway.Upstream.Requests.Count);
    }
}
