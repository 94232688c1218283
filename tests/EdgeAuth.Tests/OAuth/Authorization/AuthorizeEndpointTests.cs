using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Authorization;

/// <summary>The authorization endpoint: checks the request and sends the browser on to sign in; it issues nothing (spec b.1).</summary>
public sealed class AuthorizeEndpointTests(AuthorizeEndpointTests.Host host) : IClassFixture<AuthorizeEndpointTests.Host>
{
    private const string Valid = "response_type=code&client_id=app&redirect_uri=http%3A%2F%2Fapp.example%2Fcb&state=a%20b+c&x=1";

    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("/orders/oauth/authorize")]
    [InlineData("/orders/oauth/authorize/")]
    public async Task Get_SendsTheBrowserOn_WithItsQueryAsItWas(string path)
    {
        var answer = (await Gateway.CallAsync($"{path}?{Valid}")).ShouldBe(307);

        Assert.Equal(("http://portal.example/login?" + Valid, ""), (answer.Header("Location"), answer.Body));
    }

    [Fact]
    public async Task Get_AppendsToAQueryOfTheLoginPage() =>
        Assert.Equal("http://portal.example/login?theme=dark&" + Valid, (await Gateway.CallAsync("/themed/oauth/authorize?" + Valid)).ShouldBe(307).Header("Location"));

    [Fact]
    public async Task Post_SendsTheBrowserOn_WithoutAQuery()
    {
        var answer = await PostAsync("orders", Valid);

        Assert.Equal((307, "http://portal.example/login"), (answer.Status, answer.Header("Location")));
    }

    [Theory]
    [InlineData("response_type=nonsense&client_id=app", "unsupported_response_type", 400, "unsupported_response_type")]
    [InlineData("client_id=app", "unsupported_response_type", 400, "unsupported_response_type")]
    [InlineData("response_type=code&client_id=nobody", "invalid_client", 401, "unauthorized_client")]
    [InlineData("response_type=code", "invalid_client", 401, "unauthorized_client")]
    [InlineData("response_type=code&client_id=lost", "unauthorized_client", 400, "unauthorized_client")]
    [InlineData("response_type=code&client_id=app&redirect_uri=http%3A%2F%2Fevil.example%2F", "invalid_request", 400, "invalid_request")]
    [InlineData("response_type=code&client_id=app&redirect_uri=http%3A%2F%2Fapp.example%2Fcbx", "invalid_request", 400, "invalid_request")]
    [InlineData("response_type=code&client_id=app&redirect_uri=http%3A%2F%2Fapp.example%2Fcb%2F..%2Fadmin", "invalid_request", 400, "invalid_request")]
    [InlineData("response_type=code&client_id=app&code_challenge=abc&code_challenge_method=plain", "invalid_request", 400, "invalid_request")]
    public async Task InvalidRequest_IsToldHere_AndNeverSentToAnyClient(string query, string id, int status, string tykId)
    {
        foreach (var (api, expected, text) in new[] { ("orders", status, id), ("vintage", 403, tykId) })
        {
            var get = (await Gateway.CallAsync($"/{api}/oauth/authorize?{query}")).ShouldFail(expected, AnswerChecks.OAuthText(text));
            var post = (await PostAsync(api, query)).ShouldFail(expected, AnswerChecks.OAuthText(text));
            Assert.Null(get.Header("Location"));
            Assert.Null(post.Header("Location"));
        }
    }

    [Fact]
    public async Task MissingLoginPage_IsToldAsAnErrorOfTheServer() =>
        (await Gateway.CallAsync("/homeless/oauth/authorize?" + Valid)).ShouldFail(403, AnswerChecks.OAuthText("server_error"));

    [Fact]
    public async Task NothingIsIssued()
    {
        await Gateway.CallAsync("/orders/oauth/authorize?" + Valid.Replace("code", "token", StringComparison.Ordinal));

        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/app/tokens")).Body);
    }

    private async Task<Answer> PostAsync(string api, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{api}/oauth/authorize") { Content = new StringContent(form, null, "application/x-www-form-urlencoded") };
        return await Gateway.SendAsync(request);
    }

    public sealed class Host : GatewayFixture
    {
        private static readonly string[] Apis = ["orders", "vintage", "themed", "homeless"];

        private protected override async Task<TestGateway> StartAsync()
        {
            var gateway = await TestGateway.StartAsync(static upstream =>
            [
                Definitions.OAuth("orders", upstream),
                Definitions.OAuth("vintage", upstream).With("errors", "tyk"),
                Definitions.OAuth("themed", upstream).With("oauth_meta.auth_login_redirect", "http://portal.example/login?theme=dark"),
                Definitions.OAuth("homeless", upstream).With("oauth_meta.auth_login_redirect", ""),
            ]);
            foreach (var api in Apis)
            {
                await gateway.CreateClientAsync(api, more: new() { ["client_id"] = "app" });
                await gateway.CreateClientAsync(api, redirect: "", more: new() { ["client_id"] = "lost" });
            }

            return gateway;
        }
    }
}
