using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Routing;

/// <summary>Where an API answers, as <c>enable_strict_routes</c> has it by default (spec/tyk.md d.1). Each target's path tells the API.</summary>
public sealed class StrictRoutingTests(StrictRoutingTests.Host host) : IClassFixture<StrictRoutingTests.Host>
{
    [Theory]
    [InlineData("/orders/", "/of-orders/orders/")]
    [InlineData("/orders/1/items", "/of-orders/orders/1/items")]
    [InlineData("/ORDERS/1", "/of-orders/ORDERS/1")]
    [InlineData("/bare", "/of-bare/bare")]
    [InlineData("/bare/", "/of-bare/bare/")]
    [InlineData("/bare/x", "/of-bare/bare/x")]
    [InlineData("/two/parts/x", "/of-two/two/parts/x")]
    public async Task ListenPath_IsMatchedAsWholeSegments_WithoutCase(string path, string seen) => await ShouldReachAsync(path, seen);

    [Theory]
    [InlineData("/orders")]
    [InlineData("/ordersx")]
    [InlineData("/orders-id")]
    [InlineData("/barefoot")]
    [InlineData("/bar")]
    [InlineData("/two")]
    [InlineData("/two/parts")]
    [InlineData("/x/orders/")]
    public async Task WhatNoApiHas_IsNotFound(string path)
    {
        var seen = host.Gateway.Upstream.Requests.Count;

        var answer = (await host.Gateway.CallAsync(path)).ShouldBe(404);

        Assert.Equal("Not Found", answer.Body);
        Assert.Equal("text/plain", answer.Header("Content-Type"));
        Assert.Equal(seen, host.Gateway.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("/orders-id/", "/of-orders/orders-id/")]
    [InlineData("/orders-id/1", "/of-orders/orders-id/1")]
    [InlineData("/Orders-ID/1", "/of-orders/Orders-ID/1")]
    [InlineData("/bare-id/x", "/of-bare/bare-id/x")]
    public async Task Api_AnswersBelowItsIdToo(string path, string seen) => await ShouldReachAsync(path, seen);

    [Theory]
    [InlineData("/orders/inner/x", "/of-inner/orders/inner/x")]
    [InlineData("/orders/inner/", "/of-inner/orders/inner/")]
    [InlineData("/orders/Inner/x", "/of-inner/orders/Inner/x")]
    [InlineData("/orders/inner", "/of-orders/orders/inner")]
    [InlineData("/orders/innerx", "/of-orders/orders/innerx")]
    [InlineData("/bare/orders/inner/x", "/of-bare/bare/orders/inner/x")]
    public async Task LongestListenPath_Wins(string path, string seen) => await ShouldReachAsync(path, seen);

    [Theory]
    [InlineData("/same/x", "/of-same/same/x")]
    public async Task IdEqualToTheListenPath_IsMappedOnce(string path, string seen) => await ShouldReachAsync(path, seen);

    [Theory]
    [InlineData("/inside/x")]
    [InlineData("/inside-id/x")]
    [InlineData("/off/x")]
    [InlineData("/off-id/x")]
    public async Task InternalOrInactiveApi_HasNoRoute(string path) => (await host.Gateway.CallAsync(path)).ShouldBe(404);

    private async Task ShouldReachAsync(string path, string seen)
    {
        host.Gateway.Upstream.Requests.Clear();

        (await host.Gateway.CallAsync(path + "?a=1&a=2")).ShouldBe(200);

        var request = Assert.Single(host.Gateway.Upstream.Requests);
        Assert.Equal((seen, "?a=1&a=2"), (request.Path, request.Query));
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Api("orders", "/orders/", upstream),
            Api("bare", "/bare", upstream),
            Api("two", "/two/parts/", upstream),
            Api("inner", "/orders/inner/", upstream),
            Api("same", "/same/", upstream).With("api_id", "same"),
            Api("inside", "/inside/", upstream).With("internal", true),
            Api("off", "/off/", upstream).With("active", false),
        ]);

        private static System.Text.Json.Nodes.JsonObject Api(string name, string listenPath, string upstream) => Definitions.Keyless(name + "-id", $"{upstream}/of-{name}/")
            .With("proxy.listen_path", listenPath)
            .With("proxy.strip_listen_path", false);
    }
}
