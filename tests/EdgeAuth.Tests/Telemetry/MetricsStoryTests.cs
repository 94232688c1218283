using EdgeAuth.Tests.TestHost;

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

        var text = (await gateway.CallAsync("/metrics")).ShouldBe(200).Body;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] != '#').ToDictionary(static line => line[..line.LastIndexOf(' ')], static line => line[(line.LastIndexOf(' ') + 1)..], StringComparer.Ordinal);

        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["edgeauth_requests_total{api=\"orders\",outcome=\"admitted\"}"] = "2",
            ["edgeauth_requests_total{api=\"orders\",outcome=\"rate_exceeded\"}"] = "1",
            ["edgeauth_requests_total{api=\"orders\",outcome=\"credential_unknown\"}"] = "1",
            ["edgeauth_requests_total{api=\"orders\",outcome=\"credential_missing\"}"] = "1",
            ["edgeauth_requests_total{api=\"stock\",outcome=\"admitted\"}"] = "1",
            ["edgeauth_requests_total{api=\"open\",outcome=\"admitted\"}"] = "1",
            ["edgeauth_oauth_exchanges_total{api=\"orders\",outcome=\"issued\"}"] = "1",
            ["edgeauth_oauth_exchanges_total{api=\"orders\",outcome=\"invalid_grant\"}"] = "1",
            ["edgeauth_oauth_exchanges_total{api=\"orders\",outcome=\"invalid_client\"}"] = "1",
            ["edgeauth_oauth_revocations_total{kind=\"refresh_token\"}"] = "1",
            ["edgeauth_oauth_revocations_total{kind=\"access_token\"}"] = "1",
            ["edgeauth_sessions_loads_total{state=\"alive\"}"] = "2",
            ["edgeauth_catalog_apis"] = "3",
            ["edgeauth_catalog_policies"] = "1",
            ["edgeauth_catalog_reloads_total{outcome=\"applied\"}"] = "1",
            ["edgeauth_limits_windows"] = "1",
            ["edgeauth_tyk_calls_total{status=\"404\"}"] = "1",
        };
        Assert.Equal(expected, lines.Where(line => expected.ContainsKey(line.Key)).ToDictionary(StringComparer.Ordinal));
        Assert.True(int.Parse(lines["edgeauth_limits_refills_total"]) >= 1);
        Assert.True(lines.ContainsKey("edgeauth_sessions_cached"));
        Assert.True(int.Parse(lines["edgeauth_storage_writes_total{outcome=\"committed\"}"]) >= 1);

        foreach (var credential in new[] { token, refresh, key, Guess, client.Secret, client.Id, TestGateway.Secret, Hashes.Of(token), Hashes.Of(key), "some/path", "secret-value" })
        {
            Assert.DoesNotContain(credential, text, StringComparison.Ordinal);
        }

        Assert.All(
            lines.Keys.Where(static line => line.StartsWith("edgeauth_", StringComparison.Ordinal) && line.Contains('{', StringComparison.Ordinal)),
            static line => Assert.All(line[(line.IndexOf('{', StringComparison.Ordinal) + 1)..^1].Split(','), static tag => Assert.Contains(tag.Split('=')[0], Tags)));
    }
}
