using System.Diagnostics.Metrics;
using System.Text.Json;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.Dialects.OpenApi;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>What is kept of calls, and what is said of them: audit, metrics, description.</summary>
public sealed class CallRecordTests
{
    [Fact]
    public async Task EveryCall_IsAudited_WithoutItsToken()
    {
        using var folder = new TempFolder();
        var file = folder.File("audit.jsonl");
        await using (var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Telemetry:AuditFile", file);
        }))
        {
            var (shop, orders) = (new AuthleteService(gateway, "shop", AuthleteGateway.ShopSecret), new AuthleteService(gateway, "orders", TestGateway.Secret));
            var (_, number) = await shop.ClientAsync("orders");
            await shop.CreateAsync(number, more: new() { ["accessToken"] = "audited/token" });
            await shop.PostAsync("create", "{}");
            await orders.DeleteAsync("audited%2Ftoken");
            await orders.DeleteAsync("orders");
            await new AuthleteService(gateway, "pasted-secret", "x").ListAsync();
            await new AuthleteService(gateway, "orders", "wrong").DeleteAsync("audited%2Ftoken");
        }

        var text = await File.ReadAllTextAsync(file);
        var events = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line)).Where(static line => line.GetProperty("action").GetString()!.Contains("/api/auth/token", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            [
                "service shop: GET /api/auth/token/get/list 200 ok",
                "service shop: POST /api/auth/token/create 200 ok",
                "service shop: POST /api/auth/token/create 200 refused",
                "service orders: DELETE /api/auth/token/delete/{**accessTokenIdentifier} 204 ok",
                "service orders: DELETE /api/auth/token/delete/{**accessTokenIdentifier} 404 refused",
                "unknown: GET /api/auth/token/get/list 401 no service credentials",
                "unknown: DELETE /api/auth/token/delete/{**accessTokenIdentifier} 401 no service credentials",
            ],
            events.Select(static line => $"{line.GetProperty("who")}: {line.GetProperty("action")} {line.GetProperty("status")} {line.GetProperty("result")}"));
        Assert.Equal(KeyHash.Of("audited/token").ToHex(), events[3].GetProperty("target").GetProperty("accessTokenIdentifier").GetString());
        Assert.Equal(KeyHash.Of("orders").ToHex(), events[4].GetProperty("target").GetProperty("accessTokenIdentifier").GetString());
        Assert.DoesNotContain("audited", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pasted-secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_AreCounted_ByStatusAndCode()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, AuthleteGateway.Enable);
        using var meters = new Meters(gateway.Services.GetRequiredService<IMeterFactory>());
        var service = new AuthleteService(gateway, "orders", TestGateway.Secret);

        await service.ListAsync();
        await service.PostAsync("create", "{}");
        await service.DeleteAsync("nobody");
        await service.DeleteAsync("nobody");

        var counted = meters.Read("EdgeAuth.Dialects.Authlete", "edgeauth.authlete.calls");
        Assert.Equal(
            ["status=200 code= 1", "status=200 code=A104201 1", "status=404 code=A161202 2"],
            counted.Select(static pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/api/auth/token/create", "POST")]
    [InlineData("/api/auth/token/update", "POST")]
    [InlineData("/api/auth/token/revoke", "POST")]
    [InlineData("/api/auth/token/get/list", "GET")]
    [InlineData("/api/auth/token/delete/{accessTokenIdentifier}", "DELETE")]
    public async Task Operation_IsDescribed(string path, string method)
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, AuthleteGateway.Enable);
        var document = await OpenApiReading.OfAsync(gateway);

        var described = Assert.Single(document.Operations, operation => operation.Path == path);

        Assert.Equal(method, described.Method);
        Assert.Equal("""[{"Service":[]}]""", described.Operation["security"]!.ToJsonString());
        Assert.Equal("Authlete", described.Operation["tags"]![0]!.GetValue<string>());
        Assert.All(OpenApiReading.References(document.Root), reference => Assert.True(document.Target(reference) is not null, $"{reference} leads nowhere"));
    }

    [Fact]
    public async Task Bodies_AreDescribedAsTheyAreWritten()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, AuthleteGateway.Enable);
        var schemas = (await OpenApiReading.OfAsync(gateway)).Root["components"]!["schemas"]!.AsObject();

        Assert.Equal("integer", schemas["AuthleteAccessToken"]!["properties"]!["createdAt"]!["type"]!.GetValue<string>());
        Assert.Equal("string", schemas["AuthleteCreateResponse"]!["properties"]!["accessToken"]!["type"]!.GetValue<string>());
        Assert.Equal(["resultCode", "resultMessage"], schemas["AuthleteResult"]!["required"]!.AsArray().Select(static name => name!.GetValue<string>()));
        Assert.Contains("clientId", schemas["AuthleteCreateRequest"]!["properties"]!.AsObject().Select(static member => member.Key));
    }
}
