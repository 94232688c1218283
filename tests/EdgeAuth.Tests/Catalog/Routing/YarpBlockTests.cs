using EdgeAuth.Catalog;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Tests.Catalog.Routing;

/// <summary>The <c>yarp</c> block lays YARP's own route and cluster settings over a definition.</summary>
public sealed class YarpBlockTests(YarpBlockTests.Host host) : IClassFixture<YarpBlockTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Fact]
    public async Task Transforms_AreAppliedAfterEnforcement()
    {
        Gateway.Upstream.Requests.Clear();
        (await Gateway.CallAsync("/transformed/x")).ShouldBeRefused(401, "credential_missing");
        Assert.Empty(Gateway.Upstream.Requests);

        var key = await Gateway.CreateKeyAsync(Definitions.Session(["transformed"]));
        var answer = (await Gateway.CallAsync("/transformed/x", key)).ShouldBe(200);

        Assert.Equal("answer", answer.Header("X-Answer"));
        var seen = Assert.Single(Gateway.Upstream.Requests);
        Assert.Equal(("/prefix/x", "request"), (seen.Path, seen.Headers["X-Request"]));
    }

    [Theory]
    [InlineData("GET", "a.example", 200)]
    [InlineData("POST", "a.example", 404)]
    [InlineData("GET", "b.example", 404)]
    public async Task Match_NarrowsTheListenPath(string method, string hostName, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/narrow/x") { Headers = { Host = hostName } };

        (await Gateway.SendAsync(request)).ShouldBe(status);
    }

    [Fact]
    public async Task Destinations_StandInForTheTarget()
    {
        Gateway.Upstream.Requests.Clear();

        (await Gateway.CallAsync("/elsewhere/x")).ShouldBe(200);

        Assert.Equal("/else/x", Assert.Single(Gateway.Upstream.Requests).Path);
    }

    [Fact]
    public void EveryPart_ReachesTheRouteAndTheCluster()
    {
        var catalog = Gateway.Services.GetRequiredService<CatalogHolder>().Current;
        var routes = catalog.Routes.Where(static route => route.RouteId.StartsWith("api:full", StringComparison.Ordinal)).ToList();

        Assert.Equal(["/full/{**rest:edgeauthslash}", "/full-id/{**rest:edgeauthslash}"], routes.Select(static route => route.Match.Path));
        Assert.All(routes, static route =>
        {
            Assert.Equal((7, 1234L, "x"), (route.Order, route.MaxRequestBodySize, route.Match.Headers![0].Name));
            Assert.Equal("y", route.Match.QueryParameters![0].Name);
            Assert.Equal(("kept", "full-id"), (route.Metadata!["Own"], route.Metadata["EdgeAuth.Api"]));
        });
        var cluster = Assert.Single(catalog.Clusters, static cluster => cluster.ClusterId.StartsWith("api:full", StringComparison.Ordinal));
        Assert.Equal(("Random", "node", "kept"), (cluster.LoadBalancingPolicy, cluster.SessionAffinity!.AffinityKeyName, cluster.Metadata!["Own"]));
        Assert.Equal((5, TimeSpan.FromSeconds(9)), (cluster.HttpClient!.MaxConnectionsPerServer, cluster.HttpRequest!.ActivityTimeout));
        Assert.True(cluster.HealthCheck!.Passive!.Enabled);
        Assert.Equal(new DestinationConfig { Address = "http://upstream.example/" }, Assert.Single(cluster.Destinations!).Value);
    }

    [Theory]
    [InlineData("""{ "route": { "RouteId": "x" } }""", "$.yarp.route.RouteId = \"x\"")]
    [InlineData("""{ "route": { "clusterid": "x" } }""", "$.yarp.route.ClusterId = \"x\"")]
    [InlineData("""{ "route": { "Match": { "Path": "/x" } } }""", "$.yarp.route.Match.Path = \"/x\"")]
    [InlineData("""{ "cluster": { "ClusterId": "x" } }""", "$.yarp.cluster.ClusterId = \"x\"")]
    public async Task WhatTheDefinitionSaysItself_IsRefused(string block, string problem)
    {
        var definition = Definitions.Keyless("orders", "http://upstream.example/").With("yarp", System.Text.Json.JsonDocument.Parse(block).RootElement);

        var run = await CheckRun.OfAsync(("apis/orders.json", definition.ToJsonString()));

        Assert.Equal(["error apis/orders.json " + problem + ": is given by the definition itself; remove it"], run.Errors);
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keys("transformed", upstream).With("yarp.route", new
            {
                Transforms = new object[]
                {
                    new { RequestHeader = "X-Request", Set = "request" },
                    new { ResponseHeader = "X-Answer", Set = "answer" },
                    new { PathPrefix = "/prefix" },
                },
            }),
            Definitions.Keyless("narrow", upstream).With("yarp.route", new { Match = new { Methods = new[] { "GET" }, Hosts = new[] { "a.example" } } }),
            Definitions.Keyless("elsewhere", upstream + "/unused").With("yarp.cluster", new { Destinations = new { one = new { Address = upstream + "/else" } } }),
            Definitions.Keyless("full-id", "http://upstream.example/").With("proxy.listen_path", "/full/").With("yarp", new
            {
                route = new
                {
                    Order = 7,
                    MaxRequestBodySize = 1234,
                    Match = new { Headers = new[] { new { Name = "x", Mode = "Exists" } }, QueryParameters = new[] { new { Name = "y", Mode = "Exists" } } },
                    Metadata = new Dictionary<string, string> { ["Own"] = "kept", ["EdgeAuth.Api"] = "transformed" },
                },
                cluster = new
                {
                    LoadBalancingPolicy = "Random",
                    SessionAffinity = new { Enabled = true, Policy = "ArrCookie", AffinityKeyName = "node" },
                    HealthCheck = new { Passive = new { Enabled = true, Policy = "TransportFailureRate" } },
                    HttpClient = new { MaxConnectionsPerServer = 5 },
                    HttpRequest = new { ActivityTimeout = "00:00:09" },
                    Metadata = new { Own = "kept" },
                },
            }),
        ]);
    }
}
