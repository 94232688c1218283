using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput;

/// <summary>Methods and paths that no client should send, as they are on the wire.</summary>
public sealed class BadRequestLineTests(BadInputGateway shared) : IClassFixture<BadInputGateway>
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW", "M-SEARCH"];

    /// <summary>What stands for the last segment of a path, or is put behind it.</summary>
    internal static readonly string[] Oddities =
    [
        "/", "//", "///////", "/.", "/..", "/../..", "/%2e%2e/%2e%2e", "/%2F%2F", "/%00", "/a%00b", "/%zz", "/%", "/%4", "/%C3%28", "/%ED%A0%80", "/%FF%FE", "/%u0041", "/;a=b", "/a;b", "/\\..\\..",
        "/{keyName}", "/{**rest}", "/*", "/'--", "/%27%20OR%201=1", "/<script>", "/%0d%0aX-Injected:%20yes", "/%20", "/+", "/=", "/a=b", "?", "?&", "?=", "??", "?%zz", "?%", "?a=%C3%28", "?api_id", "?api_id=",
        "?api_id=%00", "?page=-1", "?page=99999999999999999999", "?page=1e9", "?page=%00", "?hashed=x", "?api_id=orders&api_id=stock", "?org_id=../..", "?suppress_reset=%00", "?username=true",
    ];

    public static TheoryData<string, string> EveryPath
    {
        get
        {
            var paths = new TheoryData<string, string>();
            BadInputGateway.Paths.ToList().ForEach(row => paths.Add(row.Path, row.Methods));
            return paths;
        }
    }

    [Theory]
    [MemberData(nameof(EveryPath))]
    public async Task Method_ThatIsNotServed_IsRefusedWithTheOnesThatAre(string path, string served)
    {
        foreach (var method in Methods.Except(served.Split(' '), StringComparer.Ordinal).Except(["HEAD"], StringComparer.Ordinal))
        {
            var answer = await SendAsync($"{method} {path} HTTP/1.1");

            Assert.True(answer.Status == 405, $"{method} {path}: {answer.Status} {answer.Body}");
            BadInputGateway.ShouldBeAnErrorOf(path, answer);
            Assert.NotNull(answer.Header("Allow"));
        }
    }

    [Theory]
    [MemberData(nameof(EveryPath))]
    public async Task Head_IsAnsweredWithoutABody(string path, string served)
    {
        var answer = await SendAsync($"HEAD {path} HTTP/1.1");

        Assert.Equal("", answer.Body);
        Assert.True(served.Contains("GET", StringComparison.Ordinal) ? answer.Status < 500 : answer.Status == 405, $"{path}: {answer.Status}");
    }

    [Theory]
    [MemberData(nameof(EveryPath))]
    public async Task OddPath_IsAnsweredDecently(string path, string served)
    {
        shared.Gateway.Upstream.Requests.Clear();
        foreach (var method in served.Split(' '))
        {
            foreach (var oddity in Oddities)
            {
                var behind = await SendAsync($"{method} {path}{oddity} HTTP/1.1");
                BadInputGateway.ShouldBeDecent(behind, $"{method} {path}{oddity}");
                Assert.Null(behind.Header("X-Injected"));
                var instead = await SendAsync($"{method} {path[..path.LastIndexOf('/')]}{oddity} HTTP/1.1");
                BadInputGateway.ShouldBeDecent(instead, $"{method} {path[..path.LastIndexOf('/')]}{oddity}");
                Assert.Null(instead.Header("X-Injected"));
            }
        }

        // Whatever it was taken for, it was not the API's traffic.
        Assert.DoesNotContain(shared.Gateway.Upstream.Requests, static request => request.Path.Contains("tyk", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/tyk/keys/")]
    [InlineData("/tyk/oauth/clients/orders/")]
    [InlineData("/tyk/oauth/refresh/orders/")]
    public async Task VeryLongId_IsRefused(string path)
    {
        foreach (var method in new[] { "GET", "PUT", "DELETE" })
        {
            BadInputGateway.ShouldBeDecent(await SendAsync($"{method} {path}{new string('i', 7_000)} HTTP/1.1"), method + " " + path);
            Assert.Equal(414, (await SendAsync($"{method} {path}{new string('i', 20_000)} HTTP/1.1")).Status);
        }
    }

    [Theory]
    [InlineData("GET  /tyk/keys HTTP/1.1")]
    [InlineData("GET tyk/keys HTTP/1.1")]
    [InlineData(" GET /tyk/keys HTTP/1.1")]
    [InlineData("GET /tyk/keys HTTP/1.1 x")]
    [InlineData("G@T /tyk/keys HTTP/1.1")]
    [InlineData("GET http:// HTTP/1.1")]
    public async Task BrokenRequestLine_IsRefused(string line) => Assert.InRange((await SendAsync(line)).Status, 400, 499);

    [Theory]
    [InlineData("GET /tyk/keys HTTP/9.9")]
    [InlineData("GET /tyk/keys")]
    public async Task UnknownProtocol_IsNamedAsSuch(string line) => Assert.Equal(505, (await SendAsync(line)).Status);

    [Theory]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length: 99999999999999999999999")]
    [InlineData("Content-Length: 1\nContent-Length: 2")]
    [InlineData("Content-Length: 5\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: nonsense")]
    [InlineData("Broken header")]
    [InlineData(": no name")]
    [InlineData("Na me: x")]
    public async Task BrokenFraming_IsRefused(string headers) => BadInputGateway.ShouldBeDecent(await SendAsync("POST /tyk/keys/create HTTP/1.1", headers), headers);

    [Fact]
    public async Task BodyThatEndsEarly_IsRefused()
    {
        foreach (var (method, path) in BadInputGateway.TakingJson)
        {
            var (status, _) = await RawHttp.CutShortAsync(shared.Gateway.Url, $"{method} {path} HTTP/1.1\nHost: x\nX-Tyk-Authorization: {TestGateway.Secret}\nContent-Type: application/json\nContent-Length: 500", "{\"alias\":");
            Assert.True(status is null or (>= 400 and < 500), $"{method} {path}: {status}");
        }

        await shared.ProbeAsync("GET", "/tyk/keys");
    }

    private async Task<Answer> SendAsync(string line, string? headers = null) => Answer.Of(await RawHttp.SendAsync(
        shared.Gateway.Url, $"{line}\nHost: gateway.example\nX-Tyk-Authorization: {TestGateway.Secret}{(headers is null ? "" : "\n" + headers)}"));
}
