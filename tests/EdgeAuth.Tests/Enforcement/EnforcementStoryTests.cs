using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

public sealed class EnforcementStoryTests
{
    [Fact]
    public async Task Key_PassesUntilItsRateIsUsedUp_AndAgainWhenTheWindowHasPassed()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("orders", upstream)]);
        var key = await gateway.CreateKeyAsync(Definitions.Session(["orders"], """{"rate":2,"per":10}"""));

        (await gateway.CallAsync("/orders/1", key)).ShouldBe(200);
        (await gateway.CallAsync("/orders/2", key)).ShouldBe(200);
        var refused = (await gateway.CallAsync("/orders/3", key)).ShouldBeRefused(429, "rate_exceeded");
        Assert.Equal("10", refused.Header("Retry-After"));
        Assert.Equal(2, gateway.Upstream.Requests.Count);

        gateway.Time.Advance(TimeSpan.FromSeconds(10));
        (await gateway.CallAsync("/orders/4", key)).ShouldBe(200);
        Assert.Equal(["/1", "/2", "/4"], gateway.Upstream.Requests.Select(static request => request.Path));
    }

    [Fact]
    public async Task Token_LivesFromTheCodeFlowToItsRevocation()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)]);
        var client = await gateway.CreateClientAsync("orders");
        var token = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        (await gateway.CallAsync("/orders/1", token)).ShouldBe(200);
        (await gateway.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", token), ("client_id", client.Id)))).ShouldSay(200, "token revoked successfully");
        (await gateway.CallAsync("/orders/2", token)).ShouldBeRefused(401, "credential_unknown");
    }
}
