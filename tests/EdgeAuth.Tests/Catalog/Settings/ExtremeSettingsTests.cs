using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Settings;

/// <summary>The longest lengths of time that are accepted work: what is accepted at start must not fail a request later.</summary>
public sealed class ExtremeSettingsTests
{
    // The longest that can be written.
    private const string Longest = "365000d";

    [Theory]
    [InlineData("OAuth:AccessTokenLifetime")]
    [InlineData("OAuth:RefreshTokenLifetime")]
    [InlineData("OAuth:CodeLifetime")]
    [InlineData("OAuth:RefreshTokenGracePeriod")]
    [InlineData("Sessions:ExpiredTokenRetention")]
    [InlineData("Sessions:ExpiredKeyRetention")]
    [InlineData("Limits:LeaseIdle", "1h")]
    [InlineData("Dialects:Tyk:oauth_token_expire", "2147483647")]
    [InlineData("Dialects:Tyk:oauth_refresh_token_expire", "2147483647")]
    [InlineData("Dialects:Tyk:global_session_lifetime", "2147483647")]
    [InlineData("Dialects:Tyk:proxy_default_timeout", "1000000")]
    public async Task LongestTime_WorksThroughout(string key, string value = Longest)
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream), Definitions.Keys("stock", upstream)],
            setup =>
            {
                setup.Set("EdgeAuth:" + key, value);
                setup.Set("EdgeAuth:Dialects:Tyk:force_global_session_lifetime", key.EndsWith("global_session_lifetime", StringComparison.Ordinal) ? "true" : "false");
            });
        var limits = """{"quota_max":100,"quota_renewal_rate":3600,"rate":50,"per":60}""";
        var client = await gateway.CreateClientAsync("orders");
        var tokens = await gateway.IssueAsync("orders", client, Definitions.Session(["orders"], limits));
        (await gateway.CallAsync("/orders/x", tokens.Text("access_token"))).ShouldBe(200);
        var renewed = (await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")))).ShouldBe(200);
        (await gateway.CallAsync("/orders/x", renewed.Text("access_token"))).ShouldBe(200);
        var key1 = await gateway.CreateKeyAsync(Definitions.Session(["stock"], limits));
        (await gateway.CallAsync("/stock/x", key1)).ShouldBe(200);
        gateway.Time.Advance(TimeSpan.FromMinutes(2));
        (await gateway.CallAsync("/stock/x", key1)).ShouldBe(200);
        (await gateway.ManageAsync("GET", "/tyk/keys/" + key1)).ShouldBe(200);
        (await gateway.ManageAsync("GET", "/tyk/keys/" + renewed.Text("access_token"))).ShouldBe(200);
        (await gateway.CallAsync("/ready")).ShouldBe(200);
        Assert.DoesNotContain(gateway.Logs.Lines, static line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Theory]
    [InlineData("""{"expires":9223372036854775807}""")]
    [InlineData("""{"expires":-9223372036854775808}""")]
    [InlineData("""{"session_lifetime":9223372036854775807}""")]
    [InlineData("""{"rate":1e300,"per":1e300}""")]
    [InlineData("""{"rate":1e300,"per":1}""")]
    [InlineData("""{"rate":1,"per":1e300}""")]
    [InlineData("""{"rate":1,"per":1e-300}""")]
    [InlineData("""{"rate":5e-324,"per":5e-324}""")]
    [InlineData("""{"quota_max":9223372036854775807,"quota_renewal_rate":9223372036854775807}""")]
    [InlineData("""{"quota_max":-9223372036854775808,"quota_renewal_rate":1}""")]
    [InlineData("""{"quota_max":1,"quota_renewal_rate":9223372036854775807,"quota_renews":9223372036854775807,"quota_remaining":9223372036854775807}""")]
    [InlineData("""{"date_created":"9999-12-31T23:59:59Z","last_updated":"99999999999999999999"}""")]
    public async Task ExtremeKeyRules_AreRefusedOrWork(string rules)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream), Definitions.Keys("stock", upstream)]);
        var created = await gateway.ManageAsync("POST", "/tyk/keys/create", Definitions.Session(["stock"], rules));
        created.ShouldBe(created.Status == 200 ? 200 : 400);

        if (created.Status == 200)
        {
            var key = created.Text("key");
            for (var i = 0; i < 3; i++)
            {
                Assert.InRange((await gateway.CallAsync("/stock/x", key)).Status, 200, 429);
            }

            (await gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200);
            (await gateway.ManageAsync("PUT", "/tyk/keys/" + key, Definitions.Session(["stock"], rules))).ShouldBe(200);
            (await gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).ShouldBe(200);
        }

        var client = await gateway.CreateClientAsync("orders");
        var authorized = await gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(
            ("response_type", "code"), ("client_id", client.Id), ("redirect_uri", client.RedirectUri), ("key_rules", Definitions.Session(["orders"], rules).ToJsonString())));
        Assert.Equal(created.Status, authorized.Status);
        if (authorized.Status == 200)
        {
            var token = (await gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", authorized.Text("code")), ("redirect_uri", client.RedirectUri))).ShouldBe(200).Text("access_token");
            Assert.InRange((await gateway.CallAsync("/orders/x", token)).Status, 200, 429);
        }
    }
}
