using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth;

/// <summary>The longest duration that configuration takes can be used.</summary>
public sealed class LongestLifetimeTests
{
    [Fact]
    public async Task Tokens_OfAThousandYears_AreIssuedAndPass()
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream)],
            static setup =>
            {
                setup.Set("EdgeAuth:OAuth:AccessTokenLifetime", "365000d");
                setup.Set("EdgeAuth:OAuth:RefreshTokenLifetime", "365000d");
                setup.Set("EdgeAuth:OAuth:CodeLifetime", "365000d");
                setup.Set("EdgeAuth:OAuth:RefreshTokenGracePeriod", "365000d");
                setup.Set("EdgeAuth:Sessions:ExpiredTokenRetention", "365000d");
                setup.Set("EdgeAuth:Sessions:ExpiredKeyRetention", "365000d");
            });
        var client = await gateway.CreateClientAsync("orders");
        var issued = await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));

        (await gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        var refreshed = (await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")))).ShouldBe(200);

        (await gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBe(200);
        Assert.Equal(31_536_000_000, refreshed.Json.GetProperty("expires_in").GetInt64());
    }
}
