using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeAuth.Tests.Enforcement.Protocols;

/// <summary>
/// A gateway whose second address speaks HTTP/2 with prior knowledge. The upstream of "one" speaks HTTP/1.1, that of "two" and, with OAuth,
/// of "tokens" HTTP/2 only.
/// </summary>
public sealed class Http2Gateway : GatewayFixture, IAsyncLifetime
{
    private Upstream? _second;

    internal Upstream Second => _second!;

    /// <summary>The upstream of an API.</summary>
    internal Upstream UpstreamOf(string api) => api is "one" ? Gateway.Upstream : Second;

    /// <summary>A request over HTTP/2, with a bearer token if one is given.</summary>
    internal HttpRequestMessage Request(HttpMethod method, string path, string? token, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, Gateway.Urls[1] + path)
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        return request;
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await base.DisposeAsync();
        await _second!.DisposeAsync();
    }

    private protected override async Task<TestGateway> StartAsync()
    {
        _second = await Upstream.StartAsync(HttpProtocols.Http2);
        var http2 = new { Version = "2", VersionPolicy = "RequestVersionExact" };
        return await TestGateway.StartAsync(
            upstream =>
            [
                Definitions.Keys("one", upstream),
                Definitions.Keys("two", _second.Url).With("yarp.cluster.HttpRequest", http2),
                Definitions.OAuth("tokens", _second.Url).With("yarp.cluster.HttpRequest", http2),
            ],
            static setup =>
            {
                setup.Set("Kestrel:Endpoints:First:Url", "http://127.0.0.1:0");
                setup.Set("Kestrel:Endpoints:Second:Url", "http://127.0.0.1:0");
                setup.Set("Kestrel:Endpoints:Second:Protocols", "Http2");
            });
    }
}
