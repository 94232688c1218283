using System.Net;
using System.Net.Sockets;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>An upstream that cannot be reached (spec/tyk.md d.2 step 12, j.10).</summary>
public sealed class UpstreamErrorTests(UpstreamErrorTests.Host host) : IClassFixture<UpstreamErrorTests.Host>
{
    [Fact]
    public async Task RfcStyle_IsA502Problem()
    {
        var answer = (await host.Gateway.CallAsync("/rfc/x")).ShouldBeRefused(502, "upstream_unreachable");

        Assert.Equal("There was a problem proxying the request", answer.Text("error"));
        Assert.Equal((502, "Bad Gateway"), (answer.Json.GetProperty("status").GetInt32(), answer.Text("title")));
        Assert.DoesNotContain("127.0.0.1", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TykStyle_IsTyks500()
    {
        var answer = (await host.Gateway.CallAsync("/tyk-style/x")).ShouldBe(500);

        Assert.Equal(("application/json", "There was a problem proxying the request"), (answer.Header("Content-Type"), answer.Text("error")));
    }

    [Fact]
    public async Task TykStyle_NamesAHostThatIsNotKnown()
    {
        var answer = (await host.Gateway.CallAsync("/lookup/x")).ShouldBe(500);

        Assert.Equal("Upstream host lookup failed", answer.Text("error"));
    }

    [Fact]
    public async Task UnreachableUpstream_LeavesTheLimitFieldsOfTheCall()
    {
        var key = await host.Gateway.CreateKeyAsync(Definitions.Session(["keys"], """{"rate":5,"per":60}"""));

        var answer = (await host.Gateway.CallAsync("/keys/x", key)).ShouldBeRefused(502, "upstream_unreachable");

        Assert.Equal("\"rate\";q=5;w=60", answer.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task ClusterWithoutDestinations_IsA503_BeforeAnyCharge() =>
        Assert.Equal(503, (await host.Gateway.CallAsync("/nowhere/x")).Status);

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync()
        {
            var closed = "http://127.0.0.1:" + ClosedPort();
            return TestGateway.StartAsync(
                _ =>
                [
                    Definitions.Keyless("rfc", closed),
                    Definitions.Keyless("tyk-style", closed).With("errors", "tyk"),
                    Definitions.Keyless("lookup", "http://upstream.invalid/").With("errors", "tyk"),
                    Definitions.Keys("keys", closed),
                ],
                static setup => setup.Folder.Write("config/gateway.json", """
                    { "ReverseProxy": { "Routes": { "nowhere": { "ClusterId": "none", "Match": { "Path": "/nowhere/{**rest}" } } }, "Clusters": { "none": {} } } }
                    """));
        }

        private static int ClosedPort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
