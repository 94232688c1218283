using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>What was acknowledged survives kill -9, what was ended stays ended, and no quota is granted twice.</summary>
public sealed class CrashTests
{
    private const long Quota = 100_000;

    [Fact]
    public async Task Acknowledged_Survives_WhenTheProcessIsKilledDuringAStorm()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString());
        gateway.Write("apis/orders.json", Definitions.OAuth("orders", upstream.Url).ToJsonString());
        gateway.Write("policies/plan.json", Definitions.Policy("plan", "orders").ToJsonString());
        await gateway.StartAsync();
        var limited = await CreateKeyAsync(gateway, $$"""{"quota_max":{{Quota}},"quota_renewal_rate":86400,"access_rights":{"items":{"api_id":"items"} } }""");
        var admitted = 0L;
        var lost = 0L;
        var mayBeLost = 0L;

        for (var round = 0; round < (Repository.Soak ? 20 : 3); round++)
        {
            var left = Quota - admitted - lost;
            var storm = new Storm(gateway, limited);
            await storm.RageAsync(TimeSpan.FromMilliseconds(700 + (round * 137 % 900)));
            admitted += storm.Admitted;
            await gateway.StartAsync();

            await storm.VerifyAsync();
            Assert.True(storm.WasOne, "the storm was no storm");
            var remaining = await RemainingAsync(gateway, limited);
            Assert.True(remaining <= Quota - admitted, $"{remaining} are left, but {admitted} of {Quota} were admitted");
            lost = Quota - admitted - remaining;
            mayBeLost += (left / 10) + Storm.Callers;
            Assert.True(lost <= mayBeLost, $"{lost} permits were lost, {mayBeLost} may be");
        }
    }

    internal static async Task<string> CreateKeyAsync(GatewayProcess gateway, string session)
    {
        var (status, body) = await gateway.ManageAsync("POST", "/tyk/keys/create", System.Text.Json.Nodes.JsonNode.Parse(session)!);
        Assert.True(status == 200, body);
        return JsonElement.Parse(body).GetProperty("key").GetString()!;
    }

    private static async Task<long> RemainingAsync(GatewayProcess gateway, string key)
    {
        var (status, body) = await gateway.ManageAsync("GET", "/tyk/keys/" + key);
        Assert.True(status == 200, body);
        return JsonElement.Parse(body).GetProperty("quota_remaining").GetInt64();
    }
}
