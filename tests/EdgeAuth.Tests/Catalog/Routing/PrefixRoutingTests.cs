using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Routing;

/// <summary>Tyk's own matching, with <c>enable_strict_routes</c> off: listen paths are prefixes of text, longest first (spec/tyk.md d.1).</summary>
public sealed class PrefixRoutingTests(PrefixRoutingTests.Host host) : IClassFixture<PrefixRoutingTests.Host>
{
    [Theory]
    [InlineData("/sample", "/of-sample/")]
    [InlineData("/sample/", "/of-sample/")]
    [InlineData("/sample/x", "/of-sample/x")]
    [InlineData("/samplefoo", "/of-sample/foo")]
    [InlineData("/samplefoo/x", "/of-sample/foo/x")]
    [InlineData("/SampleFoo/x", "/of-sample/Foo/x")]
    public async Task ListenPath_IsAPrefixOfText(string path, string seen) => await ShouldReachAsync(path, seen);

    [Theory]
    [InlineData("/samplebar", "/of-samplebar/")]
    [InlineData("/samplebarn/x", "/of-samplebar/n/x")]
    [InlineData("/sample/inner/x", "/of-inner/x")]
    [InlineData("/sample/inner", "/of-sample/inner")]
    [InlineData("/sample/innermost", "/of-sample/innermost")]
    [InlineData("/other", "/of-root/other")]
    [InlineData("/", "/of-root/")]
    [InlineData("/samplebar-id/x", "/of-samplebar/x")]
    [InlineData("/sample-id/x", "/of-sample/x")]
    public async Task LongestPrefix_Wins(string path, string seen) => await ShouldReachAsync(path, seen);

    [Fact]
    public async Task ListenPathThatEndsInASlash_IsMatchedWithItOnly()
    {
        await ShouldReachAsync("/slash/x", "/of-slash/x");
        await ShouldReachAsync("/slashx", "/of-root/slashx");
    }

    [Theory]
    [InlineData("/hello")]
    [InlineData("/tyk/keys")]
    [InlineData("/tyk/unknown")]
    public async Task ReservedPath_IsNotPartOfAPrefix(string path)
    {
        host.Gateway.Upstream.Requests.Clear();

        await host.Gateway.CallAsync(path);

        Assert.Empty(host.Gateway.Upstream.Requests);
    }

    private async Task ShouldReachAsync(string path, string seen)
    {
        host.Gateway.Upstream.Requests.Clear();

        (await host.Gateway.CallAsync(path)).ShouldBe(200);

        Assert.Equal(seen, Assert.Single(host.Gateway.Upstream.Requests).Path);
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream =>
            [
                Api("sample", "/sample", upstream),
                Api("samplebar", "/samplebar", upstream),
                Api("inner", "/sample/inner/", upstream),
                Api("slash", "/slash/", upstream),
                Api("hell", "/hell", upstream),
                Api("t", "/t", upstream),
                Api("root", "/", upstream),
            ],
            static setup => setup.Set("EdgeAuth:Dialects:Tyk:http_server_options:enable_strict_routes", "false"));

        private static JsonObject Api(string name, string listenPath, string upstream) =>
            Definitions.Keyless(name + "-id", $"{upstream}/of-{name}/").With("proxy.listen_path", listenPath);
    }
}
