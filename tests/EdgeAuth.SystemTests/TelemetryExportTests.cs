using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>Metrics and traces reach a collector, and say nothing that would let its reader in.</summary>
public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Export_ReachesACollector_AndCarriesNoCredential()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var collector = await CollectorStub.StartAsync();
        await using var gateway = Exporting(collector);
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString().Replace("\"use_standard_auth\":true", "\"use_standard_auth\":true,\"auth\":{\"use_param\":true,\"param_name\":\"token\"}", StringComparison.Ordinal));
        gateway.Write("apis/orders.json", Definitions.OAuth("orders", upstream.Url).ToJsonString());
        gateway.Write("policies/plan.json", Definitions.Policy("plan", "orders").ToJsonString());
        await gateway.StartAsync();
        var key = await CrashTests.CreateKeyAsync(gateway, """{"access_rights":{"items":{"api_id":"items"}}}""");
        var (id, secret) = await gateway.CreateClientAsync("orders", "http://app.example/cb", "plan");

        Assert.Equal(200, (await gateway.CallAsync("/items/in-the-header", key)).Status);
        using var inTheQuery = await gateway.Http.GetAsync($"/items/in-the-query?token={key}&telltale=queryvalue");
        Assert.Equal(200, (int)inTheQuery.StatusCode);
        Assert.Equal(200, (await gateway.ManageAsync("GET", "/tyk/keys/" + key)).Status);
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)]);
        using var issued = await gateway.Http.PostAsync("/orders/oauth/token", form);
        var token = JsonElement.Parse(await issued.Content.ReadAsStringAsync()).GetProperty("access_token").GetString()!;
        using var invalidated = await gateway.Http.DeleteAsync($"/tyk/oauth/refresh/{token}?api_id=orders");
        Assert.Equal(403, (int)invalidated.StatusCode);

        // A stop sends what has not been sent.
        Assert.Equal(0, await gateway.StopAsync());
        var (traces, metrics) = (collector.Content("/v1/traces"), collector.Content("/v1/metrics"));
        Assert.All(collector.Received, static received => Assert.Equal("application/x-protobuf", received.MediaType));
        Assert.Contains("edgeauth", traces, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore", traces, StringComparison.Ordinal);
        Assert.Contains("Yarp.ReverseProxy", traces, StringComparison.Ordinal);
        Assert.Contains("EdgeAuth.Enforcement", metrics, StringComparison.Ordinal);

        // An upstream's address stands in a trace, its query only as there having been one.
        Assert.Contains("/in-the-query?*", traces, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", metrics, StringComparison.Ordinal);
        foreach (var hidden in new[] { key, token, secret, GatewayProcess.Secret, "queryvalue", "telltale", "tyk/keys/" + key[..8] })
        {
            Assert.DoesNotContain(hidden, traces, StringComparison.Ordinal);
            Assert.DoesNotContain(hidden, metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NoCollector_HoldsNothingUp()
    {
        await using var gateway = new GatewayProcess();
        gateway.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{Ports.Free()}";
        gateway.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        gateway.Environment["OTEL_EXPORTER_OTLP_TIMEOUT"] = "500";

        await gateway.StartAsync();

        Assert.Equal(200, (await gateway.ManageAsync("GET", "/tyk/reload")).Status);
        Assert.Equal(0, await gateway.StopAsync());
        Assert.DoesNotContain("Exception", gateway.Output, StringComparison.Ordinal);
    }

    private static GatewayProcess Exporting(CollectorStub collector)
    {
        var gateway = new GatewayProcess();
        gateway.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url;
        gateway.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        return gateway;
    }
}
