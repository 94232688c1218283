using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog;

/// <summary>A problem names where it is and why, and shows the value unless that may be a secret, or hold one.</summary>
public sealed class SecretsInProblemsTests
{
    private const string Hidden = "hunter2";

    [Theory]
    [InlineData("notifications", """[{"shared_secret":"hunter2"}]""", "$.notifications: must be an object")]
    [InlineData("notifications.shared_secret", """["hunter2"]""", "$.notifications.shared_secret: ")]
    [InlineData("proxy.target_url", "\"ftp://user:hunter2@host/\"", "$.proxy.target_url: must be an absolute http or https URL")]
    [InlineData("proxy.target_url", "\"http://user:hunter2@host/\"", "$.proxy.target_url: may not have user information")]
    [InlineData("proxy.target_url", "\"http://user:hunter2/3@host/\"", "$.proxy.target_url: must be an absolute http or https URL")]
    [InlineData("proxy.target_url", """["http://user:hunter2@host/"]""", "$.proxy.target_url: ")]
    [InlineData("proxy.transport.proxy_url", "\"http://user:hunter2@proxy:3128\"", "$.proxy.transport.proxy_url: may not have user information")]
    [InlineData("proxy.transport.proxy_url", "\"gopher://user:hunter2@proxy\"", "$.proxy.transport.proxy_url: must be an absolute http, https or socks URL")]
    [InlineData("version_data.versions.Default.use_extended_paths", """{"Authorization":"Basic hunter2"}""", "$.version_data.versions.Default.use_extended_paths: ")]
    public async Task NoSecret_StandsInCheck_Log_OrReload(string path, string json, string problem)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)]);
        gateway.Folder.Write("config/apis/orders.json", Definitions.OAuth("orders", "http://127.0.0.1:9").With(path, JsonNode.Parse(json)).ToJsonString());

        var check = await CheckRun.OfAsync(gateway.Folder.File("config"));
        var reload = (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(400);

        Assert.Contains("error apis/orders.json " + problem, check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, check.Output, StringComparison.Ordinal);
        Assert.Contains(problem.Split(": ")[0], reload.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, reload.Body, StringComparison.Ordinal);
        Assert.Contains(gateway.Logs.Lines, line => line.Text.Contains(problem.Split(": ")[0], StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, static line => line.Text.Contains(Hidden, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("custom_middleware", """{"pre":[{"password":"hunter2"}]}""")]
    [InlineData("event_handlers", """{"events":{"QuotaExceeded":[{"handler_meta":{"header_map":{"x-api-key":"hunter2"}}}]}}""")]
    public async Task NoSecret_StandsInAWarning(string path, string json)
    {
        var check = await CheckRun.OfAsync(("apis/orders.json", Definitions.OAuth("orders", "http://127.0.0.1:9").With(path, JsonNode.Parse(json)).ToJsonString()));

        Assert.Contains("apis/orders.json $." + path, check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, check.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy.target_url", "\"ftp://host/\"", "\"ftp://host/\"")]
    [InlineData("oauth_meta.access_token_lifetime", "\"soon\"", "\"soon\"")]
    [InlineData("notifications", """[{"oauth_on_keychange_url":"x"}]""", """[{"oauth_on_keychange_url":"x"}]""")]
    public async Task OtherValues_AreShown(string path, string json, string shown)
    {
        var check = await CheckRun.OfAsync(("apis/orders.json", Definitions.OAuth("orders", "http://127.0.0.1:9").With(path, JsonNode.Parse(json)).ToJsonString()));

        Assert.Contains($"error apis/orders.json $.{path} = {shown}: ", check.Output, StringComparison.Ordinal);
    }
}
