using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Catalog;

/// <summary>Which settings a reload changes, and which it can only name.</summary>
public sealed class ReloadSettingsTests
{
    [Fact]
    public async Task SettingsThatNeedARestart_AreNamed_AndDoNotAct()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        gateway.Folder.Write("config/gateway.json", """
            {
              "Kestrel": { "Endpoints": { "Other": { "Url": "http://127.0.0.1:1" } } },
              "EdgeAuth": {
                "Limits": { "MaxWaiters": 5 }, "Sessions": { "CacheSize": 100 }, "Telemetry": { "Metrics": false }, "TrustedProxies": ["10.0.0.1"],
                "Management": { "Port": 9000 }, "Storage": { "Provider": "SQLite" }, "Secrets": { "PreviousKeys": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] },
                "Dialects": { "Tyk": { "PathBase": "/admin", "Enabled": false, "Host": "x.example", "Port": 9001, "control_api_port": 9002 }, "Authlete": { "PathBase": "/authlete", "Enabled": true, "Host": "y.example", "Port": 9003, "RequireTls": true } }
              }
            }
            """);

        var message = (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200).Text("message");

        Assert.StartsWith("needs a restart to take effect: ", message, StringComparison.Ordinal);
        Assert.Equal(
            [
                "$.EdgeAuth.Dialects.Authlete.Enabled", "$.EdgeAuth.Dialects.Authlete.Host", "$.EdgeAuth.Dialects.Authlete.PathBase", "$.EdgeAuth.Dialects.Authlete.Port",
                "$.EdgeAuth.Dialects.Tyk.Enabled", "$.EdgeAuth.Dialects.Tyk.Host", "$.EdgeAuth.Dialects.Tyk.PathBase", "$.EdgeAuth.Dialects.Tyk.Port", "$.EdgeAuth.Dialects.Tyk.control_api_port",
                "$.EdgeAuth.Limits.MaxWaiters", "$.EdgeAuth.Management.Port", "$.EdgeAuth.Secrets.PreviousKeys.0", "$.EdgeAuth.Sessions.CacheSize", "$.EdgeAuth.Storage.Provider",
                "$.EdgeAuth.Telemetry.Metrics", "$.EdgeAuth.TrustedProxies.0", "$.Kestrel.Endpoints.Other.Url",
            ],
            message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(", ").Order(StringComparer.Ordinal));
        Assert.Contains(gateway.Logs.Lines, static line => line is { Level: LogLevel.Warning, Text: "gateway.json $.EdgeAuth.Limits.MaxWaiters: has changed and needs a restart to take effect" });
        Assert.DoesNotContain(gateway.Logs.Lines, static line => line.Text.Contains("AAAAAAAA", StringComparison.Ordinal));

        // Management is where it was, and it says so again until the process is started anew.
        Assert.Equal(message, (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200).Text("message"));
        (await gateway.CallAsync("/metrics")).ShouldBe(200);
        gateway.Folder.Delete("config/gateway.json");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
    }

    [Fact]
    public async Task SettingsOfAGeneration_ActAtOnce()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("orders", upstream).With("proxy.listen_path", "/orders")]);
        (await gateway.CallAsync("/orders/x")).ShouldBeRefused(401, "credential_missing");
        (await gateway.CallAsync("/ordersx")).ShouldBe(404);

        gateway.Folder.Write("config/gateway.json", """
            { "EdgeAuth": { "Enforcement": { "Errors": "tyk" }, "Management": { "Secrets": ["second"] }, "Dialects": { "Tyk": { "http_server_options": { "enable_strict_routes": false } } } } }
            """);
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");

        Assert.Equal("Authorization field missing", (await gateway.CallAsync("/orders/x")).ShouldBe(401).Text("error"));
        (await gateway.CallAsync("/ordersx")).ShouldBe(401);
        Assert.Equal(200, await KeysWithAsync(gateway, "second"));
        Assert.Equal(200, await KeysWithAsync(gateway, TestGateway.Secret));

        gateway.Folder.Write("config/gateway.json", "{}");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
        (await gateway.CallAsync("/orders/x")).ShouldBeRefused(401, "credential_missing");
        (await gateway.CallAsync("/ordersx")).ShouldBe(404);
        Assert.Equal(403, await KeysWithAsync(gateway, "second"));
    }

    [Fact]
    public async Task ServiceOfNoRealm_IsRefused_AndSoIsAReloadThatTakesItsRealmAway()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream), Definitions.OAuth("billing", upstream)]);
        foreach (var (services, path, value) in new[]
        {
            ("""{ "orders": { "Secret": "hidden" }, "portal": { "Secret": "hidden", "Realm": "shop" } }""", "$.EdgeAuth.Dialects.Authlete.Services.portal.Realm", "shop"),
            ("""{ "portal": { "Secret": "hidden" } }""", "$.EdgeAuth.Dialects.Authlete.Services.portal.Realm", "portal"),
            ("""{ "orders": { "Realm": "gateway" } }""", "$.EdgeAuth.Dialects.Authlete.Services.orders.Secret", null),
        })
        {
            gateway.Folder.Write("config/gateway.json", $$"""{ "EdgeAuth": { "Dialects": { "Authlete": { "Services": {{services}} } } } }""");

            var refused = (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(400, "1 problem");

            var problem = refused.Json.GetProperty("problems")[0];
            Assert.Equal(("gateway.json", path), (problem.GetProperty("file").GetString(), problem.GetProperty("path").GetString()));
            Assert.Equal(value, problem.TryGetProperty("value", out var shown) ? shown.GetString() : null);
            Assert.DoesNotContain("hidden", refused.Body, StringComparison.Ordinal);
        }

        gateway.Folder.Write("config/gateway.json", """{ "EdgeAuth": { "Dialects": { "Authlete": { "Services": { "portal": { "Secret": "hidden", "Realm": "billing" } } } } } }""");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
        gateway.Folder.Delete("config/apis/billing.json");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(400, "1 problem");
        Assert.DoesNotContain(gateway.Logs.Lines, static line => line.Text.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GatewayJsonThatCannotBeRead_ChangesNothing()
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.Keys("orders", upstream)],
            static setup => setup.Folder.Write("config/gateway.json", """{ "EdgeAuth": { "Enforcement": { "Errors": "tyk" } } }"""));
        foreach (var broken in (string[])["", "{", "[]", """{ "EdgeAuth": { "Enforcement": { "Errors": "\ud800" } } }""", """{ "A": 1, "a": 2 }""", """{ "ReverseProxy": { "Routes": { "x": { "RouteId": "x" } } } }"""])
        {
            gateway.Folder.Write("config/gateway.json", broken);

            var refused = (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(400, "1 problem");

            Assert.Equal("gateway.json", refused.Json.GetProperty("problems")[0].GetProperty("file").GetString());
            Assert.Equal("Authorization field missing", (await gateway.CallAsync("/orders/x")).ShouldBe(401).Text("error"));
        }
    }

    [Fact]
    public async Task DirectoryThatIsGone_IsAProblem_NotAnEmptyConfiguration()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        Directory.Move(gateway.Folder.File("config"), gateway.Folder.File("moved"));

        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(400, "1 problem");

        (await gateway.CallAsync("/orders/x")).ShouldBe(200);
        Directory.Move(gateway.Folder.File("moved"), gateway.Folder.File("config"));
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldSay(200, "");
    }

    private static async Task<int> KeysWithAsync(TestGateway gateway, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tyk/oauth/clients/orders");
        request.Headers.Add("X-Tyk-Authorization", secret);
        return (await gateway.SendAsync(request)).Status;
    }
}
