using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Hostile;

/// <summary>Fields that are too large, too many, or say who one is not.</summary>
public sealed class HeaderTests(HeaderTests.Gateways shared) : IClassFixture<HeaderTests.Gateways>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("one large field", 431)]
    [InlineData("many fields", 431)]
    [InlineData("long target", 414)]
    [InlineData("long cookie", 431)]
    [InlineData("long credential", 431)]
    public async Task OversizedHead_IsRefused_AndReachesNobody(string kind, int status)
    {
        Gateway.Upstream.Requests.Clear();
        var large = new string('a', 100_000);
        var head = kind switch
        {
            "one large field" => "GET /open/x HTTP/1.1\nHost: a\nX-Large: " + large,
            "many fields" => "GET /open/x HTTP/1.1\nHost: a\n" + string.Join('\n', Enumerable.Range(0, 2000).Select(static i => $"X-{i}: 1")),
            "long target" => $"GET /open/{large} HTTP/1.1\nHost: a",
            "long cookie" => "GET /open/x HTTP/1.1\nHost: a\nCookie: k=" + large,
            _ => "GET /stock/x HTTP/1.1\nHost: a\nAuthorization: Bearer " + large,
        };

        Assert.Equal(status, (await RawHttp.SendAsync(Gateway.Url, head)).Status);
        Assert.Empty(Gateway.Upstream.Requests);
    }

    // What fits into the head but is no credential costs one look and is refused.
    [Fact]
    public async Task LargestCredentialThatFits_IsUnknown() =>
        (await Gateway.CallAsync("/stock/x", new string('a', 30_000))).ShouldBeRefused(401, "credential_unknown");

    [Fact]
    public async Task ForgedForwardingFields_AreReplacedByTheTruth()
    {
        Gateway.Upstream.Requests.Clear();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/open/x");
        foreach (var (name, value) in new[] { ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", "forged.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/forged") })
        {
            request.Headers.Add(name, value);
        }

        (await Gateway.SendAsync(request)).ShouldBe(200);

        var seen = Assert.Single(Gateway.Upstream.Requests).Headers;
        Assert.Equal(("127.0.0.1", new Uri(Gateway.Url).Authority, "http"), (seen["X-Forwarded-For"], seen["X-Forwarded-Host"], seen["X-Forwarded-Proto"]));
        Assert.DoesNotContain("forged", string.Join(' ', seen.Values), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Real-IP", "10.9.9.9")]
    [InlineData("Forwarded", "for=10.9.9.9")]
    [InlineData("X-Forwarded-For", "10.9.9.9, 10.9.9.9")]
    public async Task ForgedAddress_OpensNoList(string name, string value)
    {
        Gateway.Upstream.Requests.Clear();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/inside/x");
        request.Headers.TryAddWithoutValidation(name, value);

        (await Gateway.SendAsync(request)).ShouldBeRefused(403, "ip_forbidden");
        Assert.Empty(Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("Host: localhost")]
    [InlineData("Host: 127.0.0.1")]
    [InlineData("Host: forged.example")]
    [InlineData("Host: a\nX-Forwarded-Host: localhost")]
    [InlineData("Host: a\nX-Forwarded-For: 127.0.0.1")]
    [InlineData("Host: a\nX-Original-URL: /tyk/keys")]
    [InlineData("Host: a\nX-Rewrite-URL: /tyk/keys")]
    [InlineData("Host: a\nX-HTTP-Method-Override: DELETE")]
    public async Task ForgedHost_OpensNeitherManagement_NorAnotherApi(string fields)
    {
        var management = await RawHttp.SendAsync(Gateway.Url, $"GET /tyk/keys HTTP/1.1\n{fields}");
        Assert.Equal(403, management.Status);

        var api = await RawHttp.SendAsync(Gateway.Url, $"GET /stock/x HTTP/1.1\n{fields}");
        Assert.Equal(401, api.Status);
    }

    [Theory]
    [InlineData("GET http://other.example/open/x HTTP/1.1\nHost: other.example", 200)]
    [InlineData("GET http://other.example/stock/x HTTP/1.1\nHost: other.example", 401)]
    [InlineData("GET http://user:pass@other.example/stock/x HTTP/1.1\nHost: other.example", 401)]
    [InlineData("GET https://other.example/tyk/keys HTTP/1.1\nHost: other.example", 403)]
    [InlineData("GET /open/x HTTP/1.1\nHost: a b", 400)]
    [InlineData("GET /open/x HTTP/1.1\nHost: a/b", 400)]
    [InlineData("GET /open/x HTTP/1.1", 400)]
    [InlineData("GET open/x HTTP/1.1\nHost: a", 400)]
    [InlineData("CONNECT other.example:443 HTTP/1.1\nHost: other.example:443", 404)]
    [InlineData("OPTIONS * HTTP/1.1\nHost: a", 404)]
    public async Task OddTarget_LeadsNowhereElse(string head, int status)
    {
        Gateway.Upstream.Requests.Clear();

        Assert.Equal(status, (await RawHttp.SendAsync(Gateway.Url, head)).Status);

        Assert.All(Gateway.Upstream.Requests, static request => Assert.Equal("/x", request.Path));
        Assert.Equal(status == 200 ? 1 : 0, Gateway.Upstream.Requests.Count);
    }

    [Fact]
    public async Task ManagementSecret_IsNeverForwarded()
    {
        Gateway.Upstream.Requests.Clear();
        (await Gateway.ManageAsync("GET", "/open/x")).ShouldBe(200);

        Assert.DoesNotContain(TestGateway.Secret, string.Join(' ', Assert.Single(Gateway.Upstream.Requests).Headers.Values), StringComparison.Ordinal);
    }

    public sealed class Gateways : SharedGateway
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keyless("open", upstream),
            Definitions.Keys("stock", upstream),
            Definitions.Keyless("inside", upstream).With("enable_ip_whitelisting", true).With("allowed_ips", new[] { "10.9.9.9" }),
        ]);
    }
}
