using System.Diagnostics;
using EdgeAuth.Catalog;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Allowed URLs on real requests (spec c.2, d.2 step 9), and what bounds a pattern.</summary>
public sealed class AllowedUrlTests(MatchingGateways gateways) : IClassFixture<MatchingGateways>
{
    [Theory]
    [InlineData("", "/user", "/user /users /x/user/y", "/superuser /User /use")]
    [InlineData("", "user", "/user /superuser", "/use")]
    [InlineData("", "^/user", "", "/user")]
    [InlineData("", "^/stock/user$", "/user", "/user/ /users /user%0A")]
    [InlineData("", "/user$", "/user /x/user", "/user%0A /user/x")]
    [InlineData("", "/a[$]", "/a$", "/a /a%0A")]
    [InlineData("", "/a\\$", "/a$ /a$b", "/a")]
    [InlineData("", "/a[^]$]b", "/axb", "/a]b /a$b")]
    [InlineData("", "/user\\Z", "/user", "/user%0A")]
    [InlineData("", "/{id}/detail", "/7/detail /x/7/detail", "/7/detai /x")]
    [InlineData("", "/user/{id}$", "/user/7", "/user/ /user/7/x /user")]
    [InlineData("", "/user/{first}-{second}$", "/user/a-b", "/user/a /user/a-b/c")]
    [InlineData("", "/v[0-9]{2}/x", "/v12/x", "/v1/x /v{2}/x")]
    [InlineData("", "/a/*/b", "/a/x/b", "/a/b /a/x/y/b")]
    [InlineData("", "/a/*/*/b", "/a/x/y/b", "/a/x/b /a/x/y/z/b")]
    [InlineData("", "/a/*", "/a/ /a/x/y", "/a")]
    [InlineData("", "(", "", "/( /x")]
    [InlineData("", "[z-a]", "", "/a")]
    [InlineData("", "(?<=a)b", "", "/ab")]
    [InlineData("", "(a)\\1", "", "/aa")]
    [InlineData("", "", "/anything /", "")]
    [InlineData("prefix", "/user", "/user /users /user/x", "/superuser /x/user")]
    [InlineData("prefix", "/stock/user", "/user", "/x/stock/user")]
    [InlineData("prefix", "^/user", "/user", "/x/user")]
    [InlineData("prefix", "user", "/user /x/user", "/use")]
    [InlineData("prefix", "/{id}/x$", "/7/x", "/7/8/x /7/x/y")]
    [InlineData("suffix", "/user", "/user /x/user", "/user/ /user/x /users /user%0A")]
    [InlineData("suffix", "/user$", "/user", "/user/x")]
    [InlineData("suffix", "^/user", "", "/user")]
    [InlineData("suffix", "/a/*", "/a/x/y /a/x%0A", "/b")]
    [InlineData("suffix", "/a\\$", "/a$", "/a$b")]
    [InlineData("prefix suffix", "/user", "/user", "/user/x /x/user /users")]
    public async Task Path_IsAllowed_AsThePatternSays(string mode, string pattern, string allowed, string refused)
    {
        var gateway = gateways[mode];
        var key = await KeyAsync(gateway, pattern, "GET");

        foreach (var path in allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            (await gateway.CallAsync("/stock" + path, key)).ShouldBe(200);
        }

        foreach (var path in refused.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            (await gateway.CallAsync("/stock" + path, key)).ShouldBeRefused(403, "url_forbidden");
        }
    }

    [Theory]
    [InlineData("GET", "GET", 200)]
    [InlineData("GET", "HEAD", 403)]
    [InlineData("GET", "get", 403)]
    [InlineData("get", "GET", 403)]
    [InlineData("get", "get", 200)]
    [InlineData("GET", "POST", 403)]
    [InlineData("PURGE", "PURGE", 200)]
    [InlineData("", "GET", 403)]
    public async Task Method_IsComparedExactly(string listed, string method, int status)
    {
        var gateway = gateways[""];
        var key = await KeyAsync(gateway, "/x", listed.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        // A client would write a known method in upper case.
        var answer = await RawHttp.SendAsync(gateway.Url, $"{method} /stock/x HTTP/1.1\nHost: gateway\nAuthorization: {key}\n\n");

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task Endpoint_IsTheFirst_ThatMatchesPathAndMethod()
    {
        var gateway = gateways[""];
        var session = Definitions.Session(["stock"]).With("access_rights.stock.endpoints", new[]
        {
            new { path = "/a", methods = new[] { new { name = "get", limit = new { rate = 1, per = 60 } } } },
            new { path = "/a/b", methods = new[] { new { name = "POST", limit = new { rate = 2, per = 60 } } } },
            new { path = "/a/b", methods = new[] { new { name = "GET", limit = new { rate = 100, per = 60 } } } },
        });
        var key = await gateway.CreateKeyAsync(session);

        var statuses = new List<int>();
        foreach (var method in new[] { "GET", "GET", "POST", "POST", "POST", "PUT", "PUT", "PUT" })
        {
            statuses.Add((await gateway.CallAsync("/stock/a/b", key, method)).Status);
        }

        Assert.Equal([200, 429, 200, 200, 429, 200, 200, 200], statuses);
    }

    // What a backtracking matcher would not finish in a lifetime.
    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*)*x$")]
    [InlineData("(x+x+)+y")]
    [InlineData("([a-z]+)*[0-9]{3}$")]
    [InlineData("(?:a?){100}a{100}b")]
    public void Pattern_IsMatchedInTimeLinearInThePath(string text)
    {
        var pattern = PathPattern.Compile(text, ignoreCase: false)!;
        var started = Stopwatch.GetTimestamp();

        // As long as the server lets a request line be.
        Assert.DoesNotMatch(pattern, "/" + new string('a', 8000) + "/x!");

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("(a{1000}){1000}")]
    [InlineData("((a{100}){100}){100}")]
    [InlineData("(\\w{1,200}){200}")]
    public async Task PatternTooLargeToMatch_IsRefused_AndNeverMatches(string text)
    {
        Assert.Null(PathPattern.Compile(text, ignoreCase: false));

        var gateway = gateways[""];
        (await gateway.CallAsync("/stock/a", await KeyAsync(gateway, text, "GET"))).ShouldBeRefused(403, "url_forbidden");
    }

    private static Task<string> KeyAsync(TestGateway gateway, string pattern, params string[] methods) =>
        gateway.CreateKeyAsync(Definitions.Session(["stock"]).With("access_rights.stock.allowed_urls", new[] { new { url = pattern, methods } }));
}
