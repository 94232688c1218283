using EdgeAuth.OAuth.Authorization;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Authorization;

/// <summary>Redirect URIs at the endpoint that issues codes, and the cases worth a name (spec b.6).</summary>
public sealed class RedirectUriTests(RedirectUriTests.Gateways gateways) : IClassFixture<RedirectUriTests.Gateways>
{
    [Theory]
    [InlineData("http://app.example/cb", "http://app.example/cb", true)]
    [InlineData("http://app.example/cb", "http://app.example/cb/x", true)]
    [InlineData("http://app.example/cb", "http://app.example/cb/", true)]
    [InlineData("http://app.example/cb", "http://app.example/cbx", false)]
    [InlineData("http://app.example/cb", "http://app.example/CB", false)]
    [InlineData("http://app.example/cb", "http://app.example", false)]
    [InlineData("http://app.example/cb", "HTTP://App.Example/cb", true)]
    [InlineData("http://app.example/cb", "https://app.example/cb", false)]
    [InlineData("http://app.example/cb", "http://app.example:80/cb", false)]
    [InlineData("http://app.example:8080/cb", "http://app.example:8080/cb", true)]
    [InlineData("http://app.example:8080/cb", "http://app.example:80801/cb", false)]
    [InlineData("http://app.example/cb/", "http://app.example/cb", false)]
    [InlineData("http://app.example/cb/", "http://app.example/cb/x", true)]
    [InlineData("http://app.example", "http://app.example", true)]
    [InlineData("http://app.example", "http://app.example/any/thing", true)]
    [InlineData("http://app.example", "http://app.example.evil.example/", false)]
    [InlineData("http://app.example", "http://app.example@evil.example/", false)]
    [InlineData("http://app.example", "http://app.example:x@evil.example/", false)]
    [InlineData("http://app.example", "http://ann@app.example/", false)]
    [InlineData("http://ann@app.example/", "http://Ann@app.example/", false)]
    [InlineData("http://app.example", "http://app.example\\@evil.example/", false)]
    [InlineData("http://app.example/cb", "http://app.example\\cb", false)]
    [InlineData("http://app.example/cb", "http:app.example/cb", false)]
    [InlineData("http://app.example/cb", "//app.example/cb", false)]
    [InlineData("http://app.example/cb", "/cb", false)]
    [InlineData("http://app.example/cb", "http:///app.example/cb", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/../admin", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/./x", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/%2e%2e/admin", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/.%2E/admin", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/..", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb%2f..%2fadmin", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/a%2Fb", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/..%5cadmin", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/..x/...", true)]
    [InlineData("http://app.example/cb", "http://app.example/cb#", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb#x", false)]
    [InlineData("http://app.example/cb#x", "http://app.example/cb#x", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb?a=/../#", false)]
    [InlineData("http://app.example/cb?a=1", "http://app.example/cb?b=2", true)]
    [InlineData("http://app.example/cb", "http://app.example/cb?next=../../x%2f", true)]
    [InlineData("http://app.example/cb", "http://app.example?/cb", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb\n", false)]
    [InlineData("http://app.example/cb", " http://app.example/cb", false)]
    [InlineData("my.app:/cb", "my.app:/cb", true)]
    [InlineData("my.app:/cb", "my.app://cb", false)]
    [InlineData("urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob", true)]
    [InlineData("http://a.example,http://b.example", "http://b.example", false)]
    [InlineData("", "http://app.example/cb", false)]
    [InlineData("http://app.example/cb", "", false)]
    public void Uri_Matches_OnWholeSegments(string registered, string candidate, bool matches) =>
        Assert.Equal(matches, RedirectUris.Matches(candidate, registered));

    [Theory]
    [InlineData("", "http://a.example/1;http://b.example/2", "http://b.example/2", false)]
    [InlineData(";", "http://a.example/1;http://b.example/2", "http://b.example/2", true)]
    [InlineData(";", "http://a.example/1;http://b.example/2", "http://a.example/1/x", true)]
    [InlineData(";", "http://a.example/1;http://b.example/2", "http://a.example/1;http://b.example/2", false)]
    [InlineData(";", "http://a.example/1; http://b.example/2 ;", "http://b.example/2", true)]
    [InlineData(";", "http://a.example/1,http://b.example/2", "http://b.example/2", false)]
    [InlineData(",", "http://a.example/1,http://b.example/2", "http://b.example/2", true)]
    public async Task RegisteredValue_IsSplitByTheSeparator_WhenThereIsOne(string separator, string registered, string sent, bool matches)
    {
        var gateway = await gateways.WithAsync(separator);
        var client = await gateway.CreateClientAsync("orders", registered);

        var answer = await AuthorizeAsync(gateway, client, sent);

        Assert.Equal(matches, answer.Status == 200);
        if (matches)
        {
            Assert.StartsWith(sent + "?code=", answer.Text("redirect_to"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FirstRegisteredUri_IsUsed_WhenNoneWasSent()
    {
        var gateway = await gateways.WithAsync(";");
        var client = await gateway.CreateClientAsync("orders", ";http://a.example/1;http://b.example/2");

        var answer = (await AuthorizeAsync(gateway, client, sent: null)).ShouldBe(200);

        Assert.Equal("http://a.example/1?code=" + answer.Text("code"), answer.Text("redirect_to"));
        (await gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", answer.Text("code")))).ShouldBe(200);
    }

    [Fact]
    public async Task Failure_IsSentToTheFirstRegisteredUri_NeverToTheOneSent()
    {
        var gateway = await gateways.WithAsync(";");
        var client = await gateway.CreateClientAsync("orders", "http://a.example/1;http://b.example/2");

        foreach (var sent in new[] { "http://evil.example/", "http://b.example/2/../3", "http://b.example/2x", "http://b.example/2%252f", "http://b.example/2/%252e%252e/x", "http://b.example/2#" })
        {
            var answer = await AuthorizeAsync(gateway, client, sent);

            Assert.True(answer.Status is 400 or 401, answer.Body);
            Assert.StartsWith("http://a.example/1?error=", answer.Text("redirect_to"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LoginPage_IsNotReached_WithAnotherUri()
    {
        var gateway = await gateways.WithAsync(";");
        var client = await gateway.CreateClientAsync("orders", "http://a.example/1;http://b.example/2");

        string Path(string redirect) => $"/orders/oauth/authorize/?response_type=code&client_id={client.Id}&redirect_uri={Uri.EscapeDataString(redirect)}";
        (await gateway.CallAsync(Path("http://b.example/2/x"))).ShouldBe(307);
        var refused = await gateway.CallAsync(Path("http://b.example/2x"));

        Assert.True(refused.Status is 400 or 401, refused.Body);
        Assert.Null(refused.Header("Location"));
    }

    private static Task<Answer> AuthorizeAsync(TestGateway gateway, OAuthClient client, string? sent)
    {
        List<(string, string)> fields = [("response_type", "code"), ("client_id", client.Id)];
        if (sent is not null)
        {
            fields.Add(("redirect_uri", sent));
        }

        fields.Add(("key_rules", Definitions.Session(["orders"]).ToJsonString()));
        return gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form([.. fields]));
    }

    /// <summary>One gateway for each separator.</summary>
    public sealed class Gateways : IAsyncLifetime
    {
        private readonly Dictionary<string, TestGateway> _gateways = new(StringComparer.Ordinal);

        public Task InitializeAsync() => Task.CompletedTask;

        internal async Task<TestGateway> WithAsync(string separator)
        {
            if (!_gateways.TryGetValue(separator, out var gateway))
            {
                _gateways[separator] = gateway = await TestGateway.StartAsync(
                    static upstream => [Definitions.OAuth("orders", upstream)],
                    setup => setup.Set("EdgeAuth:Dialects:Tyk:oauth_redirect_uri_separator", separator));
            }

            return gateway;
        }

        public async Task DisposeAsync()
        {
            foreach (var gateway in _gateways.Values)
            {
                await gateway.DisposeAsync();
            }
        }
    }
}
