using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.OpenApi;

/// <summary>Who gets <c>/openapi.json</c>, where, and of which generation.</summary>
public sealed class OpenApiMountTests
{
    [Fact]
    public async Task Document_NeedsTheSecret_WhateverTheMethod()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);

        foreach (var method in (string[])["GET", "POST", "DELETE"])
        {
            (await gateway.CallAsync("/openapi.json", method: method)).ShouldFail(403, "Attempted administrative access with invalid or missing key!");
        }

        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/openapi.json") { Headers = { { "X-Tyk-Authorization", "wrong" } } };
        (await gateway.SendAsync(wrong)).ShouldFail(403, "Attempted administrative access with invalid or missing key!");
    }

    [Fact]
    public async Task Document_IsForGetAndHead()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);

        var whole = (await gateway.ManageAsync("GET", "/openapi.json/")).ShouldBe(200);
        var head = (await gateway.ManageAsync("HEAD", "/openapi.json")).ShouldBe(200);
        Assert.Equal((whole.Header("Content-Length"), ""), (head.Header("Content-Length"), head.Body));
        foreach (var method in (string[])["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        {
            Assert.Equal("GET", (await gateway.ManageAsync(method, "/openapi.json")).ShouldFail(405, "Method not supported").Header("Allow"));
        }
    }

    [Fact]
    public async Task WithoutAnySecret_NobodyGetsIt()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)], static setup => setup.Secret = null);

        (await gateway.ManageAsync("GET", "/openapi.json")).ShouldBe(403);
    }

    [Fact]
    public async Task WithAManagementPort_ItIsThereOnly()
    {
        var port = Ports.Free();
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)], setup => setup.Set("EdgeAuth:Management:Port", port.ToString()));
        using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        (await gateway.ManageAsync("GET", "/openapi.json")).ShouldBe(404);
        (await gateway.CallAsync("/openapi.json")).ShouldBe(404);
        (await management.CallAsync("/openapi.json")).ShouldFail(403, "Attempted administrative access with invalid or missing key!");
        Assert.Contains("\"/tyk/keys\"", (await management.ManageAsync("GET", "/openapi.json")).ShouldBe(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_IsFollowed()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("first", upstream)]);
        var before = await OpenApiReading.OfAsync(gateway);

        gateway.Folder.Delete("config/apis/first.json");
        gateway.Folder.Write("config/apis/second.json", Definitions.OAuth("second", gateway.Upstream.Url).ToJsonString());
        Assert.Equal(before.Text, (await OpenApiReading.OfAsync(gateway)).Text);
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
        var after = await OpenApiReading.OfAsync(gateway);

        Assert.Equal([true, false], new[] { before, after }.Select(static document => document.Operations.Any(static operation => operation.Path == "/first/oauth/token")));
        Assert.Equal([false, true], new[] { before, after }.Select(static document => document.Operations.Any(static operation => operation.Path == "/second/oauth/token")));
    }

    [Fact]
    public async Task PathBaseOfTheDialect_Counts()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], static setup => setup.Set("EdgeAuth:Dialects:Tyk:PathBase", "/gate"));

        var paths = (await OpenApiReading.OfAsync(gateway)).Operations.Select(static operation => operation.Path).ToList();

        Assert.Contains("/gate/tyk/keys/{keyName}", paths);
        Assert.DoesNotContain("/tyk/keys/{keyName}", paths);
        Assert.Contains("/orders/oauth/token", paths);
        Assert.Contains("/openapi.json", paths);
    }

    [Fact]
    public async Task WhatIsSwitchedOff_IsNotDescribed()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], static setup =>
        {
            setup.Set("EdgeAuth:Dialects:Tyk:Enabled", "false");
            setup.Set("EdgeAuth:Telemetry:Metrics", "false");
        });

        var paths = (await OpenApiReading.OfAsync(gateway)).Operations.Select(static operation => operation.Path).ToList();

        Assert.Equal(
            ["/hello", "/openapi.json", "/orders/oauth/authorize", "/orders/oauth/revoke", "/orders/oauth/revoke_all", "/orders/oauth/token", "/orders/tyk/rate-limits", "/ready"],
            paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    // Where an API at the root and management have the same path, it is management's that is served.
    [Fact]
    public async Task ApiAtTheRoot_HasWhatIsLeftToIt()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("root", upstream).With("proxy.listen_path", "/")]);

        var document = await OpenApiReading.OfAsync(gateway);

        var bare = Assert.Single(document.Operations, static operation => operation.Path == "/tyk/oauth/authorize-client");
        Assert.Equal("Tyk", bare.Operation["tags"]![0]!.GetValue<string>());
        Assert.Contains("api_id", bare.Operation["requestBody"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(document.Operations, static operation => operation is { Path: "/oauth/token", Method: "POST" });
    }

    [Fact]
    public async Task Calls_AreRecorded()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)], setup => setup.Set("EdgeAuth:Telemetry:AuditFile", setup.Folder.File("audit.jsonl")));

        (await gateway.CallAsync("/openapi.json")).ShouldBe(403);
        (await gateway.ManageAsync("GET", "/openapi.json")).ShouldBe(200);

        await Eventually.HoldsAsync(async () => File.Exists(gateway.Folder.File("audit.jsonl")) &&
            (await File.ReadAllLinesAsync(gateway.Folder.File("audit.jsonl"))).Count(static line => line.Contains("\"action\":\"GET /openapi.json\"", StringComparison.Ordinal)) == 2);
    }
}
