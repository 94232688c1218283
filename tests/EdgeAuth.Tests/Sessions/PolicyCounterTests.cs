using System.Text.Json.Nodes;
using EdgeAuth.Tests.Dialects.Tyk;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Which APIs of a key share a counter (spec e.4, d.4, d.5), as its holder sees it.</summary>
public sealed class PolicyCounterTests(PolicyGateway shared) : IClassFixture<PolicyGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task ApisOfOnePolicy_ShareItsCounters()
    {
        var key = await KeyAsync("wide");

        Assert.Equal("200 200 200 429 429", await CallAsync(key, "one two one one two"));
    }

    [Fact]
    public async Task ApisOfDifferentPolicies_CountApart()
    {
        var key = await KeyAsync("wide", "second");

        Assert.Equal("200 200 200 429", await CallAsync(key, "one one one one"));
        Assert.Equal("200 200 200 200 200 200 200 429", await CallAsync(key, "two two two two two two two two"));
    }

    [Fact]
    public async Task PerApiPolicy_CountsEachApiByItself()
    {
        var key = await KeyAsync("each");

        Assert.Equal("200 200 429", await CallAsync(key, "two two two"));
        Assert.Equal("200 200 200 200 200 200 429", await CallAsync(key, "one one one one one one one"));
    }

    [Fact]
    public async Task WithoutPolicies_AnApiWithALimitCountsApart_AndTheOthersShareTheKeys()
    {
        var session = Definitions.Session(["one", "two", "three"], """{"rate":2,"per":60}""").With("access_rights.three.limit", new { rate = 1, per = 60 });
        var key = await Gateway.CreateKeyAsync(session);

        Assert.Equal("200 200 429 429", await CallAsync(key, "one two one two"));
        Assert.Equal("200 429", await CallAsync(key, "three three"));
    }

    [Fact]
    public async Task LimitWithAQuotaOnly_MeansNoRateThere()
    {
        var session = Definitions.Session(["one", "two"], """{"rate":1,"per":60}""").With("access_rights.two.limit", new { quota_max = 3, quota_renewal_rate = 60 });
        var key = await Gateway.CreateKeyAsync(session);

        Assert.Equal("200 200 200 429", await CallAsync(key, "two two two two"));
        (await Gateway.CallAsync("/two/x", key)).ShouldBeRefused(429, "quota_exceeded");
        Assert.Equal("200 429", await CallAsync(key, "one one"));
    }

    private Task<string> KeyAsync(params string[] policies) =>
        Gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray([.. policies.Select(static id => (JsonNode)id)]) });

    private async Task<string> CallAsync(string key, string apis)
    {
        var statuses = new List<int>();
        foreach (var api in apis.Split(' '))
        {
            statuses.Add((await Gateway.CallAsync($"/{api}/x", key)).Status);
        }

        return string.Join(' ', statuses);
    }
}
