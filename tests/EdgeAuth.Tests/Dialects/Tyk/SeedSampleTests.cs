using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>The samples of the documentation page of 2017, sent as they stand there.</summary>
public sealed class SeedSampleTests(SeedGateway seed) : IClassFixture<SeedGateway>
{
    private const string Client = "061ba634e6644b40633fa9456b138f4b";
    private const string AuthorizedClient = "21e2baf424674f6461faca6d45285bbb";

    [Fact]
    public async Task CreateClient_AnswersTheClient_WhenTheSampleIsSent() => await PlayAsync("create-client");

    [Fact]
    public async Task DeleteClient_AnswersDeleted_WhenTheSampleIsSent()
    {
        await seed.RegisterAsync(SeedGateway.Api, Client, "http://client-app.com/oauth-redirect/");

        await PlayAsync("delete-client");

        var gone = await RawHttp.SendAsync(seed.Gateway.Url, $"GET /tyk/oauth/clients/{SeedGateway.Api}/{Client} HTTP/1.1\nHost: localhost:5000\nx-tyk-authorization: {SeedGateway.Secret}");
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task ListClients_AnswersTheArray_WhenTheSampleIsSent()
    {
        await using var own = new OwnSeedGateway();
        var seed = await own.StartAsync();
        await seed.RegisterAsync(SeedGateway.Api, "03ae189a18f941024e6a870d4dfa7ae0", "http://client-app.com/oauth-redirect/", "ZDY4NWY5NzctMDU0MS00MWQ1LTQwODYtNGUxZjdhMDg1ODY4");
        await seed.RegisterAsync(SeedGateway.Api, Client, "http://client-app2.com/oauth-redirect/", "MjA3OGEyNzctZTlmZC00YzYzLTZkMDItNDJlYzJkZTg2Mjcy");

        await Golden.Read("tyk/list-clients").PlayAsync(seed.Gateway);
    }

    [Theory]
    [InlineData("authorize-client-code")]
    [InlineData("authorize-client-token")]
    public async Task AuthorizeClient_AnswersWhereToGo_WhenTheSampleIsSent(string golden)
    {
        await seed.RegisterAsync(SeedGateway.AuthorizingApi, AuthorizedClient, "http://oauth.com/redirect");

        await PlayAsync(golden);
    }

    [Fact]
    public async Task AuthorizeClient_GivesTheTokenTheSampleRules()
    {
        await seed.RegisterAsync(SeedGateway.AuthorizingApi, AuthorizedClient, "http://oauth.com/redirect");
        var answer = Answer.Of(await PlayAsync("authorize-client-token"));

        var call = await seed.Gateway.CallAsync("/oauth-test/widgets", answer.Text("access_token"));

        call.ShouldBe(200);
        Assert.Equal("\"rate\";q=1000;w=60", call.Header("RateLimit-Policy"));
        Assert.Equal("-1", call.Header("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task AuthorizeClient_TakesTheSampleAtEachOfItsPaths()
    {
        await seed.RegisterAsync(SeedGateway.AuthorizingApi, AuthorizedClient, "http://oauth.com/redirect");
        var sample = Golden.Read("tyk/authorize-client-code").Request;
        var path = $"/{SeedGateway.AuthorizingApi}/tyk/oauth/authorize-client/";
        Assert.Contains(path, sample, StringComparison.Ordinal);

        foreach (var other in new[] { "/tyk/oauth/authorize-client/", "/tyk/oauth/authorize-client", "/oauth-test/tyk/oauth/authorize-client/", "/oauth-test/tyk/oauth/authorize-client", path.TrimEnd('/') })
        {
            var answer = await RawHttp.SendAsync(seed.Gateway.Url, sample.Replace(path, other, StringComparison.Ordinal));

            Assert.True(answer.Status == 200, $"{other}: {answer.Status} {answer.Body}");
            Assert.StartsWith("{\"code\":\"", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task InvalidateRefreshToken_AnswersDeleted_WhenTheSampleIsSent() => await PlayAsync("invalidate-refresh-token");

    [Fact]
    public async Task HeaderNames_CountInAnyCase()
    {
        var sample = Golden.Read("tyk/list-clients").Request;

        foreach (var name in new[] { "X-Tyk-Authorization", "x-tyk-authorization", "X-TYK-AUTHORIZATION" })
        {
            Assert.Equal(200, (await RawHttp.SendAsync(seed.Gateway.Url, sample.Replace("x-tyk-authorization", name, StringComparison.Ordinal))).Status);
        }
    }

    [Fact]
    public async Task HeaderSpacing_DoesNotMatter()
    {
        var sample = Golden.Read("tyk/list-clients").Request;

        foreach (var spaced in new[] { $"x-tyk-authorization:{SeedGateway.Secret}", $"x-tyk-authorization:   {SeedGateway.Secret}  ", $"x-tyk-authorization:\t{SeedGateway.Secret}" })
        {
            Assert.Equal(200, (await RawHttp.SendAsync(seed.Gateway.Url, sample.Replace($"x-tyk-authorization: {SeedGateway.Secret}", spaced, StringComparison.Ordinal))).Status);
        }
    }

    private Task<RawAnswer> PlayAsync(string golden) => Golden.Read("tyk/" + golden).PlayAsync(seed.Gateway);

    // The list must hold what the sample shows and nothing else.
    private sealed class OwnSeedGateway : IAsyncDisposable
    {
        private readonly SeedGateway _seed = new();

        public async Task<SeedGateway> StartAsync()
        {
            await _seed.InitializeAsync();
            return _seed;
        }

        public async ValueTask DisposeAsync() => await _seed.DisposeAsync();
    }
}
