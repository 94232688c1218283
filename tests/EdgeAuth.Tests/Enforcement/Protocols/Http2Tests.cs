using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Protocols;

/// <summary>HTTP/2 on either side of the gateway.</summary>
public sealed class Http2Tests(Http2Gateway host) : IClassFixture<Http2Gateway>
{
    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("one", true, "HTTP/1.1")]
    [InlineData("two", true, "HTTP/2")]
    [InlineData("two", false, "HTTP/2")]
    public async Task Request_IsDecidedChargedAndForwarded(string api, bool overHttp2, string protocol)
    {
        var key = await CreateAsync();
        var upstream = host.UpstreamOf(api);
        upstream.Requests.Clear();
        upstream.Answer = static async context =>
        {
            context.Response.StatusCode = 202;
            context.Response.Headers["X-Own"] = "yes";
            await context.Request.Body.CopyToAsync(context.Response.Body);
        };

        var answer = (await PostAsync(api, key, overHttp2)).ShouldBe(202);

        Assert.Equal(("the body", "yes"), (answer.Body, answer.Header("X-Own")));
        Assert.Equal("\"rate\";r=1;t=60, \"quota\";r=8;t=3600", answer.Header("RateLimit"));
        Assert.Equal("8", answer.Header("X-RateLimit-Remaining"));
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(("POST", "/x", "?a=%20b", protocol), (seen.Method, seen.Path, seen.Query, seen.Protocol));
    }

    [Fact]
    public async Task Refusals_AreTheSame()
    {
        host.Second.Requests.Clear();
        var key = await CreateAsync();
        (await PostAsync("tokens", key, overHttp2: true)).ShouldBeRefused(401, "client_deleted");
        (await PostAsync("two", null, overHttp2: true)).ShouldBeRefused(401, "credential_missing");
        Assert.Empty(host.Second.Requests);
        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual(429, (await PostAsync("two", key, overHttp2: true)).Status);
        }

        var refused = (await PostAsync("two", key, overHttp2: true)).ShouldBeRefused(429, "rate_exceeded");

        Assert.Equal("60", refused.Header("Retry-After"));
        Assert.Equal(2, host.Second.Requests.Count);
    }

    [Fact]
    public async Task RacingStreamsOfOneConnection_GetTheLastPermitOnce()
    {
        var key = await CreateAsync();
        Assert.NotEqual(429, (await PostAsync("two", key, overHttp2: true)).Status);
        host.Second.Requests.Clear();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PostAsync("two", key, overHttp2: true)));

        Assert.Single(answers, static answer => answer.Status is not 429);
        Assert.Single(host.Second.Requests);
    }

    private Task<string> CreateAsync() => Gateway.CreateKeyAsync(Definitions.Session(["one", "two", "tokens"], """{"rate":2,"per":60,"quota_max":9,"quota_renewal_rate":3600}"""));

    private async Task<Answer> PostAsync(string api, string? key, bool overHttp2)
    {
        using var request = host.Request(HttpMethod.Post, $"/{api}/x?a=%20b", key, new StringContent("the body"));
        if (!overHttp2)
        {
            (request.RequestUri, request.Version) = (new Uri(Gateway.Url + $"/{api}/x?a=%20b"), new Version(1, 1));
        }

        using var response = await Gateway.Http.SendAsync(request);
        Assert.Equal(overHttp2 ? 2 : 1, response.Version.Major);
        return await Answer.ReadAsync(response);
    }
}
