using System.Text.RegularExpressions;
using EdgeAuth.Dialects.Tyk;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Yarp.ReverseProxy.Model;

namespace EdgeAuth.Tests.Dialects.OpenApi;

/// <summary><c>/openapi.json</c> matches what is served, both ways (spec/tyk.md j.4, j.16).</summary>
public sealed class OpenApiTests(OpenApiTests.Host host) : IClassFixture<OpenApiTests.Host>
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

    private TestGateway Gateway => host.Gateway;

    [Fact]
    public async Task EveryEndpoint_IsDescribed_AndNothingElse()
    {
        var document = await OpenApiReading.OfAsync(Gateway);
        var routed = Gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<RouteModel>() is null && !endpoint.RoutePattern.Parameters.Any(static parameter => parameter is { IsCatchAll: true, Name: not "slashes" }))
            .Select(static endpoint => endpoint.RoutePattern.RawText!.Replace("/{**slashes}", "", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);

        Assert.Equal(routed.Order(StringComparer.Ordinal), document.Root["paths"]!.AsObject().Select(static path => path.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryCallOfTheManagementApi_IsDescribed()
    {
        var document = await OpenApiReading.OfAsync(Gateway);
        var served = TykTable.Of(Gateway.Services);

        Assert.True(served.Count >= 40, $"only {served.Count} calls are served");
        Assert.All(served, route => Assert.Single(document.Operations, described => described.Path == "/tyk" + route.Path && described.Method == route.Method));
    }

    // An API answers below its listen path and below its id.
    [Theory]
    [InlineData("/shop/orders/oauth/authorize", "GET", "POST")]
    [InlineData("/shop/orders/oauth/token", "GET", "POST")]
    [InlineData("/shop/orders/oauth/revoke", "POST")]
    [InlineData("/shop/orders/oauth/revoke_all", "POST")]
    [InlineData("/shop/orders/tyk/oauth/authorize-client", "POST")]
    [InlineData("/shop/orders/tyk/rate-limits", "GET")]
    [InlineData("/orders/oauth/token", "GET", "POST")]
    [InlineData("/orders/tyk/rate-limits", "GET")]
    [InlineData("/stock/tyk/rate-limits", "GET")]
    [InlineData("/hello", "GET")]
    [InlineData("/ready", "GET")]
    [InlineData("/metrics", "GET")]
    [InlineData("/openapi.json", "GET")]
    [InlineData("/stock/oauth/token")]
    [InlineData("/open/tyk/rate-limits")]
    [InlineData("/open")]
    public async Task Path_HasItsMethods(string path, params string[] methods)
    {
        var document = await OpenApiReading.OfAsync(Gateway);

        Assert.Equal(methods, document.Operations.Where(operation => operation.Path == path).Select(static operation => operation.Method));
    }

    [Fact]
    public async Task DescribedMethods_AreServed_AndNoOthers()
    {
        var document = await OpenApiReading.OfAsync(Gateway);
        foreach (var path in document.Operations.GroupBy(static operation => operation.Path, static operation => operation.Method, StringComparer.Ordinal))
        {
            var called = Regex.Replace(path.Key, "{[^}]+}", "nothing", RegexOptions.None, TimeSpan.FromSeconds(1));
            foreach (var method in path.Contains("GET", StringComparer.Ordinal) ? Methods : [.. Methods, "HEAD"])
            {
                var answer = await Gateway.ManageAsync(method, called);
                if (path.Contains(method, StringComparer.Ordinal))
                {
                    Assert.True(answer.Status is not (405 or >= 500), $"{method} {called} is described, and answered {answer.Status}: {answer.Body}");
                    Assert.False(answer is { Status: 404, Body: "" or "Not Found" or "{\"status\":\"error\",\"message\":\"Not found\"}\n" }, $"{method} {called} is described, and not routed");
                }
                else
                {
                    Assert.True(answer.Status == 405, $"{method} {called} is not described, and answered {answer.Status}: {answer.Body}");
                    Assert.NotNull(answer.Header("Allow"));
                }
            }
        }
    }

    [Fact]
    public async Task Document_IsValid()
    {
        var document = await OpenApiReading.OfAsync(Gateway);

        var read = OpenApiDocument.Parse(document.Text, "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.StartsWith("3.", document.Root["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((await Gateway.CallAsync("/hello")).Text("version"), document.Root["info"]!["version"]!.GetValue<string>());
        Assert.All(OpenApiReading.References(document.Root), reference => Assert.True(document.Target(reference) is not null, $"{reference} leads nowhere"));
        Assert.NotEmpty(OpenApiReading.References(document.Root));
    }

    [Fact]
    public async Task EveryOperation_IsComplete()
    {
        var document = await OpenApiReading.OfAsync(Gateway);
        var schemes = document.Root["components"]!["securitySchemes"]!.AsObject();
        var groups = document.Root["tags"]!.AsArray().Select(static tag => tag!["name"]!.GetValue<string>()).ToList();

        Assert.Distinct(document.Operations.Select(static operation => operation.Operation["operationId"]!.GetValue<string>()));
        Assert.All(document.Operations, described =>
        {
            var (path, method, operation) = described;
            var parameters = (operation["parameters"]?.AsArray() ?? []).Select(static parameter => parameter!.AsObject()).ToList();
            var inPath = parameters.Where(static parameter => parameter["in"]!.GetValue<string>() is "path").ToList();
            Assert.Equal(Regex.Matches(path, "{([^}]+)}", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(static match => match.Groups[1].Value), inPath.Select(static parameter => parameter["name"]!.GetValue<string>()));
            Assert.All(inPath, static parameter => Assert.True(parameter["required"]!.GetValue<bool>()));
            Assert.Distinct(parameters.Select(static parameter => $"{parameter["in"]} {parameter["name"]}"));
            Assert.True(operation["summary"]!.GetValue<string>() is { Length: > 10 } summary && summary.EndsWith('.'), $"{method} {path} has no summary");
            Assert.Contains(Assert.Single(operation["tags"]!.AsArray())!.GetValue<string>(), groups);
            Assert.All((operation["security"]?.AsArray() ?? []).SelectMany(static one => one!.AsObject()), scheme => Assert.True(schemes.ContainsKey(scheme.Key)));
            Assert.Equal(path.Contains("/tyk/", StringComparison.Ordinal) && !path.EndsWith("/tyk/rate-limits", StringComparison.Ordinal), operation["security"]?.ToJsonString() is """[{"Management":[]}]""" && path is not "/openapi.json");
        });
    }

    [Fact]
    public async Task Writes_HaveDryRuns()
    {
        var document = await OpenApiReading.OfAsync(Gateway);
        var writes = TykTable.Of(Gateway.Services).Where(static route => route.Writes).Select(static route => $"{route.Method} /tyk{route.Path}")
            .Concat(new[] { "/orders", "/shop/orders", "/vintage" }.Select(static mount => $"POST {mount}/tyk/oauth/authorize-client"))
            .Concat(["GET /tyk/reload", "GET /tyk/reload/group"]);

        var described = document.Operations
            .Where(static operation => operation.Operation["parameters"]?.AsArray().Any(static parameter => parameter!["name"]!.GetValue<string>() is "dry_run") is true)
            .Select(static operation => $"{operation.Method} {operation.Path}");

        Assert.Equal(writes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_TellsNoSecret_AndStaysTheSame()
    {
        var document = await OpenApiReading.OfAsync(Gateway);

        Assert.DoesNotContain(TestGateway.Secret, document.Text, StringComparison.Ordinal);
        Assert.Equal(document.Text, (await OpenApiReading.OfAsync(Gateway)).Text);
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Definitions.OAuth("orders", upstream).With("proxy.listen_path", "/shop/orders/"),
            Definitions.OAuth("vintage", upstream).With("errors", "tyk"),
            Definitions.Keys("stock", upstream),
            Definitions.Keyless("open", upstream),
        ]);
    }
}
