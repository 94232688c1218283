using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Routing;

/// <summary>Encoded paths and queries reach the upstream as they were sent, to the byte.</summary>
public sealed class EncodedTargetTests(EncodedTargetTests.Host host) : IClassFixture<EncodedTargetTests.Host>
{
    private const string Odd = "/a%20b/%C3%BC/x%2Fy/%3B%2B%40%3A%26%3D%24/%41%7e/100%25/%2541/%252F/it's(1)!*,;=:@&+$~";

    [Theory]
    [InlineData("/cut" + Odd, Odd)]
    [InlineData("/CUT" + Odd, Odd)]
    [InlineData("/cut-id" + Odd, Odd)]
    [InlineData("/based" + Odd, "/base" + Odd)]
    [InlineData("/kept" + Odd, "/kept" + Odd)]
    [InlineData("/cut/x?" + "q=%20x+y&%41=%2F%3F&a&b=&&c='()*!,;:@/?%25", "/x?" + "q=%20x+y&%41=%2F%3F&a&b=&&c='()*!,;:@/?%25")]
    [InlineData("/cut/%3F?%3F", "/%3F?%3F")]
    [InlineData("/cut/?%41", "/?%41")]
    [InlineData("/strip/%2B?a=%41&key=k&b=%20+", "/%2B?a=%41&b=%20+")]
    [InlineData("/prefixed/%2B?%41", "/before/%2B?%41")]
    [InlineData("/cut/plain/x?a=b", "/plain/x?a=b")]
    [InlineData("/cut//%2B//", "//%2B//")]
    public async Task Target_IsForwarded_AsItWasSent(string sent, string expected) => Assert.Equal(expected, await ForwardAsync(sent));

    [Theory]
    [InlineData("/c%75t/a%20b", "/a%20b")]
    [InlineData("/cut/x/../%2B", "/+")]
    [InlineData("/cut/x/%2e%2e/%2B", "/+")]
    [InlineData("/cut/./a%20b", "/a%20b")]
    public async Task Target_IsTidied_WhereItCannotBeCutAsItIs(string sent, string expected) => Assert.Equal(expected, await ForwardAsync(sent));

    [Theory]
    [InlineData("/cut/../kept/%2B", "/kept/%2B")]
    [InlineData("/cut/%2e%2e/kept/x", "/kept/x")]
    public async Task DotSegments_NeverReachAnUpstream(string sent, string path) =>
        Assert.Equal(path.Replace("%2B", "+", StringComparison.Ordinal), await ForwardAsync(sent));

    // An upstream that decodes twice would look above the address that the definition gives.
    [Theory]
    [InlineData("/based/%252e%252e/admin")]
    [InlineData("/b%61sed/%252e%252e/admin")]
    public async Task DotSegmentsEncodedTwice_AreRefused(string sent)
    {
        host.Gateway.Upstream.Requests.Clear();

        Answer.Of(await RawHttp.SendAsync(host.Gateway.Url, $"GET {sent} HTTP/1.1\nHost: gateway")).ShouldBeRefused(403, "path_forbidden");

        Assert.Empty(host.Gateway.Upstream.Requests);
    }

    private async Task<string> ForwardAsync(string target)
    {
        host.Gateway.Upstream.Requests.Clear();

        Answer.Of(await RawHttp.SendAsync(host.Gateway.Url, $"GET {target} HTTP/1.1\nHost: gateway")).ShouldBe(200);

        return Assert.Single(host.Gateway.Upstream.Requests).Target;
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keyless("cut-id", upstream).With("proxy.listen_path", "/cut/"),
            Definitions.Keyless("based", upstream + "/base/"),
            Definitions.Keyless("kept", upstream).With("proxy.strip_listen_path", false),
            Definitions.Keyless("strip", upstream).With("strip_auth_data", true).With("auth_configs.authToken", new { use_param = true, param_name = "key" }),
            Definitions.Keyless("prefixed", upstream).With("yarp.route.Transforms", new[] { new { PathPrefix = "/before" } }),
        ]);
    }
}
