using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>What reaches the upstream of a credential, with and without <c>strip_auth_data</c> (spec d.3).</summary>
public sealed class StrippingTests(StrippingTests.Host host) : IClassFixture<StrippingTests.Host>
{
    [Theory]
    [InlineData("keep", "?a=1&key=KEY&b=2", "?a=1&key=KEY&b=2")]
    [InlineData("strip", "?a=1&key=KEY&b=2", "?a=1&b=2")]
    [InlineData("strip", "?key=KEY", "")]
    [InlineData("strip", "?key=KEY&a=1", "?a=1")]
    [InlineData("strip", "?a=1&key=KEY", "?a=1")]
    [InlineData("strip", "?key=KEY&key=again", "")]
    [InlineData("strip", "?a=%20x+y&A=2&a=&b&c=%C3%BC&d=a%2Fb&key=KEY&e='()*!&&f==1", "?a=%20x+y&A=2&a=&b&c=%C3%BC&d=a%2Fb&e='()*!&&f==1")]
    [InlineData("strip", "?keys=1&xkey=2&key=KEY&ke=3", "?keys=1&xkey=2&ke=3")]
    [InlineData("strip", "?%6Bey=KEY&a=%20", "?a=%20")]
    [InlineData("strip", "?token=1&a=%20x+y", "?a=%20x+y")]
    [InlineData("strip", "?Key=1&KEYS=2", "?Key=1&KEYS=2")]
    public async Task Query_LosesTheCredentialOnly(string api, string sent, string expected)
    {
        var seen = await CallAsync(api, sent, "Authorization: KEY");

        Assert.Equal(Fill(expected), seen.Query);
    }

    [Theory]
    [InlineData("keep", "crumb=KEY; a=1", "crumb=KEY; a=1")]
    [InlineData("strip", "a=1; crumb=KEY; b=2", "a=1; b=2")]
    [InlineData("strip", "crumb=KEY", null)]
    [InlineData("strip", "crumb=KEY; crumbs=1; xcrumb=2; crum=3", "crumbs=1; xcrumb=2; crum=3")]
    [InlineData("strip", "a=%20x=y; crumb=KEY; b=\"q u\"; c", "a=%20x=y; b=\"q u\"; c")]
    [InlineData("strip", "token=1; crumb=KEY; a=1", "a=1")]
    [InlineData("strip", "a=1;b=2;  c=3", "a=1;b=2;  c=3")]
    public async Task Cookies_LoseTheCredentialOnly(string api, string sent, string? expected)
    {
        var seen = await CallAsync(api, "", "Authorization: KEY\nCookie: " + sent);

        Assert.Equal(expected is null ? null : Fill(expected), seen.Headers.GetValueOrDefault("Cookie"));
    }

    [Fact]
    public async Task Headers_OfEveryMethodNamed_AreStripped()
    {
        var seen = await CallAsync("strip", "", "Authorization: KEY\nX-Token: other\nX-Mine: stays");

        Assert.False(seen.Headers.ContainsKey("Authorization"));
        Assert.False(seen.Headers.ContainsKey("X-Token"));
        Assert.Equal("stays", seen.Headers["X-Mine"]);
    }

    [Theory]
    [InlineData("keep", true)]
    [InlineData("plain", false)]
    public async Task Header_IsForwarded_UnlessItIsStripped(string api, bool forwarded)
    {
        var seen = await CallAsync(api, "?a=stays", "Authorization: KEY");

        Assert.Equal(forwarded ? Fill("KEY") : null, seen.Headers.GetValueOrDefault("Authorization"));
        Assert.Equal("?a=stays", seen.Query);
    }

    [Fact]
    public async Task LegacyBlock_SaysWhatIsStripped_WhereItIsTheOnlyOne()
    {
        var seen = await CallAsync("legacy", "?old=KEY&a=1", "X-Old: KEY\nAuthorization: stays");

        Assert.Equal(("?a=1", "stays", false), (seen.Query, seen.Headers["Authorization"], seen.Headers.ContainsKey("X-Old")));
    }

    private string Fill(string text) => text.Replace("KEY", host.Key, StringComparison.Ordinal);

    private async Task<SeenRequest> CallAsync(string api, string query, string headers)
    {
        host.Gateway.Upstream.Requests.Clear();

        Answer.Of(await RawHttp.SendAsync(host.Gateway.Url, Fill($"GET /{api}/x{query} HTTP/1.1\nHost: gateway\n{headers}"))).ShouldBe(200);

        return Assert.Single(host.Gateway.Upstream.Requests);
    }

    public sealed class Host : GatewayFixture
    {
        internal string Key { get; private set; } = "";

        private protected override async Task<TestGateway> StartAsync()
        {
            var gateway = await TestGateway.StartAsync(static upstream =>
            [
                Definitions.Keys("keep", upstream).With("auth_configs.authToken", new { use_param = true, param_name = "key", use_cookie = true, cookie_name = "crumb" }),
                Definitions.Keys("plain", upstream).With("strip_auth_data", true),
                Definitions.Keys("legacy", upstream).With("strip_auth_data", true).With("auth", new { auth_header_name = "X-Old", use_param = true, param_name = "old" }),
                Definitions.Keys("strip", upstream).With("strip_auth_data", true)
                    .With("auth_configs.authToken", new { use_param = true, param_name = "key", use_cookie = true, cookie_name = "crumb" })
                    .With("auth_configs.oauth", new { auth_header_name = "X-Token", use_param = true, param_name = "token", use_cookie = true, cookie_name = "token" }),
            ]);
            Key = await gateway.CreateKeyAsync(Definitions.Session(["keep", "plain", "legacy", "strip"]));
            return gateway;
        }
    }
}
