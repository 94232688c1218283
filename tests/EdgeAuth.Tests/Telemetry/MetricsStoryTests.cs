using System.Diagnostics.Metrics;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Telemetry;

/// <summary>What each folder measures, under which names and tags, and that no credential is among them (design: secrets).</summary>
public sealed class MetricsStoryTests
{
    private static readonly string[] Tags = ["api", "outcome", "state", "kind", "status", "synced"];

    [Fact]
    public async Task Metrics_CountWhatHappened_AndNameNoCredential()
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream), Definitions.Keys("stock", upstream), Definitions.Keyless("open", upstream)],
            static setup => setup.Policy("silver", Definitions.Policy(["orders"])));
        using var meters = new Meters(gateway.Services.GetRequiredService<IMeterFactory>());
        var client = await gateway.CreateClientAsync("orders", policy: "silver");
        var issued = await gateway.IssueAsync("orders", client, Definitions.Session(["orders"], """{"rate":2,"per":60,"quota_max":100,"quota_renewal_rate":60}"""));
        var (token, refresh) = (issued.Text("access_token"), issued.Text("refresh_token"));
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        const string Guess = "guessed-token-of-somebody";

        (await gateway.CallAsync("/orders/some/path?query=secret-value", token)).ShouldBe(200);
        (await gateway.CallAsync("/orders/some/path", token)).ShouldBe(200);
        (await gateway.CallAsync("/orders/some/path", token)).ShouldBeRefused(429, "rate_exceeded");
        (await gateway.CallAsync("/orders/some/path", Guess)).ShouldBeRefused(401, "credential_unknown");
        (await gateway.CallAsync("/orders/some/path")).ShouldBeRefused(401, "credential_missing");
        (await gateway.CallAsync("/stock/some/path", key)).ShouldBe(200);
        (await gateway.CallAsync("/open/some/path")).ShouldBe(200);
        (await gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", Guess))).ShouldBe(400);
        (await gateway.TokenAsync("orders", client with { Secret = Guess }, ("grant_type", "client_credentials"))).ShouldBe(401);
        (await gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{refresh}?api_id=orders")).ShouldBe(200);
        (await gateway.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", token), ("client_id", client.Id)))).ShouldBe(200);
        (await gateway.ManageAsync("GET", "/tyk/keys/" + Guess)).ShouldBe(404);
        (await gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + client.Id)).ShouldBe(200);
        (await gateway.ManageAsync("GET", "/tyk/reload/?block=true")).ShouldBe(200);

        // Not by /metrics, which shows whatever else runs in this process too.
        var measured = meters.ReadAll();

        var expected = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["edgeauth.requests api=orders outcome=admitted"] = 2,
            ["edgeauth.requests api=orders outcome=rate_exceeded"] = 1,
            ["edgeauth.requests api=orders outcome=credential_unknown"] = 1,
            ["edgeauth.requests api=orders outcome=credential_missing"] = 1,
            ["edgeauth.requests api=stock outcome=admitted"] = 1,
            ["edgeauth.requests api=open outcome=admitted"] = 1,
            ["edgeauth.oauth.exchanges api=orders outcome=issued"] = 1,
            ["edgeauth.oauth.exchanges api=orders outcome=invalid_grant"] = 1,
            ["edgeauth.oauth.exchanges api=orders outcome=invalid_client"] = 1,
            ["edgeauth.oauth.revocations kind=refresh_token"] = 1,
            ["edgeauth.oauth.revocations kind=access_token"] = 1,
            ["edgeauth.sessions.loads state=alive"] = 2,
            ["edgeauth.catalog.apis"] = 3,
            ["edgeauth.catalog.policies"] = 1,
            ["edgeauth.catalog.reloads outcome=applied"] = 1,
            ["edgeauth.limits.windows"] = 1,
            ["edgeauth.tyk.calls status=404"] = 1,
        };
        Assert.Equal(expected, measured.Where(pair => expected.ContainsKey(pair.Key)).ToDictionary(StringComparer.Ordinal));
        Assert.True(measured["edgeauth.limits.refills"] >= 1);
        Assert.True(measured["edgeauth.sessions.cached"] >= 0);
        Assert.True(measured[TestStore.IsRedis ? "edgeauth.storage.redis.calls outcome=answered" : "edgeauth.storage.writes outcome=committed"] >= 1);

        foreach (var credential in new[] { token, refresh, key, Guess, client.Secret, client.Id, TestGateway.Secret, Hashes.Of(token), Hashes.Of(key), "some/path", "secret-value" })
        {
            Assert.DoesNotContain(measured.Keys, name => name.Contains(credential, StringComparison.Ordinal));
        }

        Assert.All(measured.Keys.SelectMany(static name => name.Split(' ')[1..]), static tag => Assert.Contains(tag.Split('=')[0], Tags));
    }
}
