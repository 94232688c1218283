using System.Net;
using System.Net.WebSockets;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Protocols;

/// <summary>WebSockets through the proxy: decided before the upgrade, charged once, then left alone.</summary>
public sealed class WebSocketTests(WebSocketTests.Host host) : IClassFixture<WebSocketTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("/plain/echo", false)]
    [InlineData("/plain/echo", true)]
    [InlineData("/secure/echo", false)]
    [InlineData("/secure/echo", true)]
    public async Task Socket_TalksBothWays_AndIsChargedOnce(string path, bool http2)
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["plain", "secure"], """{"rate":3,"per":60,"quota_max":9,"quota_renewal_rate":3600}"""));
        host.Clear();

        using var socket = await EchoSocket.ConnectAsync(Gateway.Urls[http2 ? 1 : 0], path, key, http2);
        await EchoSocket.ShouldTalkAsync(socket);
        await Eventually.ComesAsync(socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None));

        Assert.Equal((WebSocketCloseStatus.NormalClosure, "done"), (socket.CloseStatus, socket.CloseStatusDescription));
        var seen = Assert.Single(host.Seen);
        Assert.False(seen.Headers.ContainsKey("Authorization"));
        Assert.Equal("\"rate\";r=1;t=60, \"quota\";r=7;t=3600", (await Gateway.CallAsync("/plain/x", key)).Header("RateLimit"));
    }

    [Theory]
    [InlineData("/plain/echo", false)]
    [InlineData("/plain/echo", true)]
    [InlineData("/secure/echo", false)]
    public async Task Socket_IsRefusedBeforeTheUpgrade(string path, bool http2)
    {
        var used = await Gateway.CreateKeyAsync(Definitions.Session(["plain", "secure"], """{"rate":1,"per":60}"""));
        (await Gateway.CallAsync("/plain/x", used)).ShouldBe(200);
        var elsewhere = await Gateway.CreateKeyAsync(Definitions.Session(["other"]));
        host.Clear();

        foreach (var (key, status) in new[] { (null, 401), ("nobody-has-this", 401), (elsewhere, 403), (used, 429) })
        {
            using var socket = await EchoSocket.ConnectAsync(Gateway.Urls[http2 ? 1 : 0], path, key, http2);
            Assert.Equal((HttpStatusCode)status, socket.HttpStatusCode);
        }

        Assert.Empty(host.Seen);
    }

    [Fact]
    public async Task RefusedUpgrade_IsToldAsAnyOtherRefusal()
    {
        var answer = Answer.Of(await RawHttp.SendAsync(Gateway.Url, """
            GET /plain/echo HTTP/1.1
            Host: gateway
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            """));

        answer.ShouldBeRefused(401, "credential_missing");
        Assert.StartsWith("Bearer ", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpgradeThatTheUpstreamDeclines_IsAnsweredByIt()
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["plain"]));

        using var socket = await EchoSocket.ConnectAsync(Gateway.Url, "/plain/declined", key);

        Assert.Equal((HttpStatusCode)418, socket.HttpStatusCode);
    }

    /// <summary>
    /// "plain" is behind a plain upstream. "secure" is behind one that speaks TLS but only HTTP/1.1: the upgrade is tried over HTTP/2 first, so
    /// that its transforms run twice. The second address of the gateway speaks HTTP/2.
    /// </summary>
    public sealed class Host : GatewayFixture, IAsyncLifetime
    {
        private Upstream? _secure;

        internal IEnumerable<SeenRequest> Seen => Gateway.Upstream.Requests.Concat(_secure!.Requests);

        internal void Clear()
        {
            Gateway.Upstream.Requests.Clear();
            _secure!.Requests.Clear();
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await base.DisposeAsync();
            await _secure!.DisposeAsync();
        }

        private protected override async Task<TestGateway> StartAsync()
        {
            _secure = await Upstream.StartAsync(certificate: Certificates.SelfSigned());
            var gateway = await TestGateway.StartAsync(
                upstream =>
                [
                    Definitions.Keys("plain", upstream).With("strip_auth_data", true),
                    Definitions.Keys("secure", _secure.Url).With("strip_auth_data", true).With("proxy.transport.ssl_insecure_skip_verify", true),
                ],
                static setup =>
                {
                    setup.Set("Kestrel:Endpoints:First:Url", "http://127.0.0.1:0");
                    setup.Set("Kestrel:Endpoints:Second:Url", "http://127.0.0.1:0");
                    setup.Set("Kestrel:Endpoints:Second:Protocols", "Http2");
                });
            gateway.Upstream.Answer = _secure.Answer = static context =>
            {
                context.Response.StatusCode = context.Request.Path.Value is "/declined" ? 418 : 200;
                return context.WebSockets.IsWebSocketRequest && context.Request.Path.Value is "/echo" ? EchoSocket.AnswerAsync(context) : Task.CompletedTask;
            };
            return gateway;
        }
    }
}
