using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Routing;

/// <summary>Fields of a caller's that are not ASCII reach the upstream as they came; a client of YARP's would refuse to send them.</summary>
public sealed class FieldEncodingTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("{\"MaxConnectionsPerServer\":4}")]
    public async Task FieldBeyondAscii_IsForwarded(string? client)
    {
        await using var gateway = await TestGateway.StartAsync(upstream =>
        [
            client is null ? Definitions.Keyless("open", upstream) : Definitions.Keyless("open", upstream).With("yarp.cluster.HttpClient", System.Text.Json.JsonElement.Parse(client)),
        ]);

        var answer = await RawHttp.SendAsync(gateway.Url, "GET /open/x HTTP/1.1\nHost: x\nX-Title: \u00e4\u4e2d\ud83d\ude00");

        Assert.Equal(200, answer.Status);
        Assert.Equal("\u00e4\u4e2d\ud83d\ude00", Assert.Single(gateway.Upstream.Requests).Headers["X-Title"]);
    }
}
