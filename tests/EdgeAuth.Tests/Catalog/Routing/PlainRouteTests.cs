using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Routing;

/// <summary>Routes of a standard <c>ReverseProxy</c> section in <c>gateway.json</c>, beside APIs and under an API's rules.</summary>
public sealed class PlainRouteTests(PlainRouteTests.Host host) : IClassFixture<PlainRouteTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Fact]
    public async Task PlainRoute_IsProxiedAsItIs()
    {
        Gateway.Upstream.Requests.Clear();

        var answer = (await Gateway.CallAsync("/plain/x", "whatever")).ShouldBe(200);

        var seen = Assert.Single(Gateway.Upstream.Requests);
        Assert.Equal(("/plain/x", "Bearer whatever"), (seen.Path, seen.Headers["Authorization"]));
        Assert.Null(answer.Header("X-RateLimit-Limit"));
    }

    [Theory]
    [InlineData("/enforced/x")]
    [InlineData("/enforced-too/x")]
    public async Task RouteThatNamesAnApi_IsEnforcedByItsRules(string path)
    {
        Gateway.Upstream.Requests.Clear();
        (await Gateway.CallAsync(path)).ShouldBeRefused(401, "credential_missing");
        (await Gateway.CallAsync(path, "unknown")).ShouldBeRefused(401, "credential_unknown");
        var other = await Gateway.CreateKeyAsync(Definitions.Session(["beside"]));
        (await Gateway.CallAsync(path, other)).ShouldBeRefused(403, "api_forbidden");
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["inside"], """{"rate":2,"per":60}"""));

        (await Gateway.CallAsync(path, key)).ShouldBe(200);
        (await Gateway.CallAsync(path, key)).ShouldBe(200);
        (await Gateway.CallAsync(path, key)).ShouldBeRefused(429, "rate_exceeded");

        // What the definition says of its own listen path and target is not the route's affair.
        Assert.Equal([path, path], Gateway.Upstream.Requests.Select(static request => request.Path));
    }

    [Theory]
    [InlineData("/enforced/..%2fplain/x")]
    [InlineData("/enforced/..;/plain/x")]
    [InlineData("/enforced/%252e%252e/plain/x")]
    public async Task PathThatMayLeaveItsRoute_IsForbidden(string target)
    {
        Gateway.Upstream.Requests.Clear();
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["inside"]));

        Answer.Of(await RawHttp.SendAsync(Gateway.Url, $"GET {target} HTTP/1.1\nHost: a\nAuthorization: {key}")).ShouldBeRefused(403, "path_forbidden");

        Assert.Empty(Gateway.Upstream.Requests);
    }

    [Fact]
    public async Task InternalApi_IsReachedByItsRouteOnly()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["inside"]));

        (await Gateway.CallAsync("/inside/x", key)).ShouldBe(404);
        (await Gateway.CallAsync("/enforced/x", key)).ShouldBe(200);
    }

    [Fact]
    public async Task Api_AnswersBesideTheRoutes()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["beside"]));

        (await Gateway.CallAsync("/beside/x", key)).ShouldBe(200);
        (await Gateway.CallAsync("/beside/x")).ShouldBeRefused(401, "credential_missing");
    }

    [Theory]
    [InlineData("/plain/x")]
    [InlineData("/enforced/x")]
    [InlineData("/beside/x")]
    [InlineData("/keyless/x")]
    [InlineData("/keyless-id/x")]
    public async Task ManagementSecret_NeverReachesAnUpstream(string path)
    {
        Gateway.Upstream.Requests.Clear();
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["inside", "beside"]));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        request.Headers.TryAddWithoutValidation("x-tyk-AUTHORIZATION", TestGateway.Secret);
        request.Headers.TryAddWithoutValidation("X-Other", "kept");

        (await Gateway.SendAsync(request)).ShouldBe(200);

        var seen = Assert.Single(Gateway.Upstream.Requests);
        Assert.Equal("kept", seen.Headers["X-Other"]);
        Assert.DoesNotContain("X-Tyk-Authorization", seen.Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync()
        {
            var target = "";
            return TestGateway.StartAsync(
                upstream =>
                {
                    target = upstream;
                    return
                    [
                        Definitions.Keys("inside", upstream + "/unused").With("internal", true).With("proxy.listen_path", "/enforced/"),
                        Definitions.Keys("beside", upstream),
                        Definitions.Keyless("keyless-id", upstream).With("proxy.listen_path", "/keyless/"),
                    ];
                },
                setup => setup.Folder.Write("config/gateway.json", new JsonObject
                {
                    ["ReverseProxy"] = new JsonObject
                    {
                        ["Routes"] = new JsonObject
                        {
                            ["plain"] = Route("/plain/{**rest}", null),
                            ["enforced"] = Route("/enforced/{**rest}", "inside"),
                            ["enforced-too"] = Route("/enforced-too/{**rest}", "inside"),
                        },
                        ["Clusters"] = new JsonObject { ["own"] = new JsonObject { ["Destinations"] = new JsonObject { ["one"] = new JsonObject { ["Address"] = target } } } },
                    },
                }.ToJsonString()));
        }

        private static JsonObject Route(string path, string? api) => new()
        {
            ["ClusterId"] = "own",
            ["Match"] = new JsonObject { ["Path"] = path },
            ["Metadata"] = api is null ? null : new JsonObject { ["EdgeAuth.Api"] = api },
        };
    }
}
