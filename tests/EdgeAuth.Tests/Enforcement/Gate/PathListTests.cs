using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>White, black and ignore lists, and the answers that stand in them (spec d.2 step 1, j.8).</summary>
public sealed class PathListTests
{
    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task PlainLists_AreTried_IgnoredFirst_ThenBlack_ThenWhite(string style)
    {
        await using var gateway = await StartAsync(style, """{"paths":{"ignored":["/free"],"black_list":["/closed"],"white_list":["/open/{id}$","/closed/never"]}}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        (await gateway.CallAsync("/stock/free")).ShouldBe(200);
        (await gateway.CallAsync("/stock/free/closed")).ShouldBe(200);
        (await gateway.CallAsync("/stock/closed", key)).ShouldBeRefused(style, GateRefusals.PathForbidden);
        (await gateway.CallAsync("/stock/closed/never", key)).ShouldBeRefused(style, GateRefusals.PathForbidden);
        (await gateway.CallAsync("/stock/open/7", key)).ShouldBe(200);
        (await gateway.CallAsync("/stock/open/7/8", key)).ShouldBeRefused(style, GateRefusals.PathForbidden);
        (await gateway.CallAsync("/stock/other", key)).ShouldBeRefused(style, GateRefusals.PathForbidden);
        Assert.Equal(401, (await gateway.CallAsync("/stock/open/7")).Status);
        Assert.Equal(["/free", "/free/closed", "/open/7"], gateway.Upstream.Requests.Select(static request => request.Path));
    }

    [Theory]
    [InlineData("""{"paths":{"black_list":["/a"]}}""", "GET", "/stock/a", false)]
    [InlineData("""{"paths":{"black_list":["/a"]}}""", "GET", "/stock/A", true)]
    [InlineData("""{"paths":{"black_list":["/a"]},"ignore_endpoint_case":true}""", "GET", "/stock/A", false)]
    [InlineData("""{"paths":{"black_list":["^/stock/a"]}}""", "GET", "/stock/a", false)]
    [InlineData("""{"paths":{"black_list":["^/a"]}}""", "GET", "/stock/a", false)]
    [InlineData("""{"paths":{"black_list":["^/a"]}}""", "GET", "/stock/x/a", true)]
    [InlineData("""{"paths":{"black_list":["/a"]},"use_extended_paths":true}""", "GET", "/stock/a", true)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"black_list":[{"path":"/a"}]}}""", "GET", "/stock/a", false)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"black_list":[{"path":"/a","disabled":true}]}}""", "GET", "/stock/a", true)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"black_list":[{"path":"/a","ignore_case":true}]}}""", "GET", "/stock/A", false)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"black_list":[{"path":"/a","method":"POST"}]}}""", "GET", "/stock/a", true)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"black_list":[{"path":"/a","method":"POST"}]}}""", "POST", "/stock/a", false)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"black_list":[{"path":"/a","method_actions":{"POST":{"action":"no_action"}}}]}}""", "GET", "/stock/a", true)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"black_list":[{"path":"/a","method_actions":{"POST":{"action":"no_action"}}}]}}""", "POST", "/stock/a", false)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"white_list":[{"path":"/a","method":"GET"}]}}""", "GET", "/stock/a", true)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"white_list":[{"path":"/a","method":"GET"}]}}""", "POST", "/stock/a", false)]
    [InlineData("""{"use_extended_paths":true,"extended_paths":{"white_list":[{"path":"/a","disabled":true}]}}""", "GET", "/stock/b", true)]
    [InlineData("""{"use_extended_paths":false,"extended_paths":{"black_list":[{"path":"/a"}]}}""", "GET", "/stock/a", true)]
    public async Task Entry_SpeaksOfItsPathsAndMethods(string version, string method, string path, bool passes)
    {
        await using var gateway = await StartAsync("rfc", version, keyless: true);

        var answer = await gateway.CallAsync(path, method: method);

        if (passes)
        {
            answer.ShouldBe(200);
        }
        else
        {
            answer.ShouldBeRefused(403, "path_forbidden");
        }
    }

    [Theory]
    [InlineData("prefix", "/a", "/stock/x/a", true)]
    [InlineData("prefix", "/a", "/stock/a/b", false)]
    [InlineData("suffix", "/a", "/stock/a/b", true)]
    [InlineData("suffix", "/a", "/stock/x/a", false)]
    public async Task Patterns_AreMatched_AsTheSettingsSay(string mode, string pattern, string path, bool passes)
    {
        await using var gateway = await StartAsync("rfc", $$$"""{"paths":{"black_list":["{{{pattern}}}"]}}""", keyless: true, setup => setup.Set($"EdgeAuth:Dialects:Tyk:http_server_options:enable_path_{mode}_matching", "true"));

        (await gateway.CallAsync(path)).ShouldBe(passes ? 200 : 403);
    }

    [Fact]
    public async Task IgnoredPath_NeedsNoKey_AndIsChargedToNone()
    {
        await using var gateway = await StartAsync("rfc", """{"paths":{"ignored":["/free"]}}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":1,"per":60,"quota_max":1,"quota_renewal_rate":60}"""));
        var expired = await gateway.CreateKeyAsync(Definitions.Session(["other"], """{"expires":10}"""));

        foreach (var credential in new[] { null, key, key, expired, "nobody-has-this" })
        {
            var answer = (await gateway.CallAsync("/stock/free", credential)).ShouldBe(200);
            Assert.Null(answer.Header("RateLimit"));
        }

        (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        (await gateway.CallAsync("/stock/x", key)).ShouldBeRefused(429, "rate_exceeded");
    }

    [Fact]
    public async Task IgnoredPath_IsCountedByTheRateOfAllCallers()
    {
        await using var gateway = await StartAsync(
            "rfc",
            """{"use_extended_paths":true,"extended_paths":{"ignored":[{"path":"/free"},{"path":"/reply","method_actions":{"GET":{"action":"reply","code":200,"data":"fixed"}}}],"rate_limit":[{"path":"/free","method":"GET","rate":1,"per":60},{"path":"/reply","method":"GET","rate":1,"per":60}]}}""");

        foreach (var path in new[] { "/stock/free", "/stock/reply" })
        {
            (await gateway.CallAsync(path)).ShouldBe(200);
            (await gateway.CallAsync(path)).ShouldBeRefused(429, "api_rate_exceeded");
        }
    }

    [Fact]
    public async Task LimitOfAPath_HoldsHoweverThePathIsWritten()
    {
        await using var gateway = await StartAsync("rfc", """{"use_extended_paths":true,"extended_paths":{"rate_limit":[{"path":"^/scarce","method":"GET","rate":1,"per":60}]}}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session([], """{"access_rights":{"stock":{"endpoints":[{"path":"^/stock/own","methods":[{"name":"GET","limit":{"rate":1,"per":60}}]}]}}}"""));

        foreach (var (path, code) in new[] { ("scarce", "api_rate_exceeded"), ("own", "rate_exceeded") })
        {
            (await gateway.CallAsync("/stock/" + path, key)).ShouldBe(200);
            Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET /stock/x/..%2f{path} HTTP/1.1\nHost: a\nAuthorization: {key}")).ShouldBeRefused(429, code);
        }
    }

    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task Lists_ComeBeforeTheCredential_AndAreChargedToNothing(string style)
    {
        await using var gateway = await StartAsync(style, """{"paths":{"black_list":["/closed"]}}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":1,"per":60}"""));

        (await gateway.CallAsync("/stock/closed")).ShouldBeRefused(style, GateRefusals.PathForbidden);
        (await gateway.CallAsync("/stock/closed", key)).ShouldBeRefused(style, GateRefusals.PathForbidden);
        (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Fact]
    public async Task Reply_IsGivenExactly_AndNothingIsForwarded()
    {
        const string Reply = """{"action":"reply","code":418,"data":"{\"short\":\"ü\"}","headers":{"Content-Type":"application/json","X-Own":"1"}}""";
        await using var gateway = await StartAsync(
            "rfc",
            """{"use_extended_paths":true,"extended_paths":{"ignored":[{"path":"/ignored","method_actions":{"GET":@}}],"white_list":[{"path":"/white","method_actions":{"GET":@,"PUT":{"action":"no_action"}}}],"black_list":[{"path":"/black","method_actions":{"GET":@}}]}}"""
                .Replace("@", Reply, StringComparison.Ordinal));
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":1,"per":60}"""));

        // Who is ignored or forbidden is not asked for a credential; who is allowed is.
        foreach (var (path, credential) in new[] { ("/stock/ignored", null), ("/stock/black", null), ("/stock/white", key) })
        {
            var answer = (await gateway.CallAsync(path, credential)).ShouldBe(418);
            Assert.Equal(("""{"short":"ü"}""", "application/json", "1"), (answer.Body, answer.Header("Content-Type"), answer.Header("X-Own")));
        }

        var bare = await gateway.CallAsync("/stock/ignored");
        Assert.DoesNotContain(bare.Headers.Keys, static name => name.Contains("RateLimit", StringComparison.OrdinalIgnoreCase));
        (await gateway.CallAsync("/stock/white")).ShouldBeRefused(401, "credential_missing");
        (await gateway.CallAsync("/stock/white", key)).ShouldBeRefused(429, "rate_exceeded");
        (await gateway.CallAsync("/stock/white", key, "POST")).ShouldBeRefused(403, "path_forbidden");
        Assert.Empty(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task MockResponse_TakesThePlaceOfTheUpstream_AfterEveryCheck()
    {
        await using var gateway = await StartAsync(
            "rfc",
            """{"use_extended_paths":true,"extended_paths":{"mock_response":[{"path":"/mock$","method":"GET","body":"fixed","headers":{"X-Own":"1"}},{"path":"/empty","method":"GET","code":204,"body":"dropped"},{"path":"/reset","method":"GET","code":205,"body":"dropped"},{"path":"/off","method":"GET","disabled":true,"body":"off"}]}}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":4,"per":60}"""));

        (await gateway.CallAsync("/stock/mock")).ShouldBeRefused(401, "credential_missing");
        var answer = (await gateway.CallAsync("/stock/mock", key)).ShouldBe(200);
        Assert.Equal(("fixed", "1", null), (answer.Body, answer.Header("X-Own"), answer.Header("Content-Type")));
        Assert.NotNull(answer.Header("RateLimit"));
        Assert.Equal("", (await gateway.CallAsync("/stock/empty", key)).ShouldBe(204).Body);
        Assert.Equal("", (await gateway.CallAsync("/stock/reset", key)).ShouldBe(205).Body);
        Assert.Empty(gateway.Upstream.Requests);
        Assert.Equal("upstream /off", (await gateway.CallAsync("/stock/off", key)).ShouldBe(200).Body);
        (await gateway.CallAsync("/stock/mock", key)).ShouldBeRefused(429, "rate_exceeded");
    }

    [Theory]
    [InlineData("/stock/a%2F..%2Fclosed")]
    [InlineData("/stock/%2561/..%252fclosed")]
    [InlineData("/stock/x/..%2fclosed")]
    [InlineData("/stock/x/..%5cclosed")]
    [InlineData("/stock/x;/..;/closed")]
    [InlineData("/stock//closed")]
    [InlineData("/stock/clos%65d")]
    [InlineData("/stock/clos%2565d")]
    [InlineData("/stock/closed;p=1")]
    [InlineData("/stock//closed%3Fx")]
    [InlineData("/stock/./closed")]
    [InlineData("/stock/x/../closed")]
    [InlineData("/stock/%2e/closed")]
    public async Task ForbiddenPath_IsForbidden_HoweverItIsWritten(string target)
    {
        await using var gateway = await StartAsync("rfc", """{"paths":{"black_list":["^/closed"],"ignored":["^/x","^/a"]}}""", keyless: true);

        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {target} HTTP/1.1\nHost: a")).ShouldBe(403);

        Assert.Empty(gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("/stock/..%2fother")]
    [InlineData("/stock/..%5cother")]
    [InlineData("/stock/..;/other")]
    [InlineData("/stock/%252e%252e/other")]
    [InlineData("/stock/x/..%2f..%2fstock/y")]
    [InlineData("/stock//..%2f..%2fother")]
    public async Task PathThatMayLeaveItsApi_IsForbidden_WithoutAnyList(string target)
    {
        await using var gateway = await StartAsync("rfc", "{}", keyless: true);

        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {target} HTTP/1.1\nHost: a")).ShouldBeRefused(403, "path_forbidden");

        Assert.Empty(gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("/x%2F..%2Fstock/items")]
    [InlineData("//stock/items")]
    [InlineData("/stock%2Fitems")]
    [InlineData("/sto%2563k/items")]
    [InlineData("//tyk/keys")]
    [InlineData("/x/..%2fstock/oauth/token")]
    public async Task PathThatMayBelongToAnotherApi_IsForbidden(string target)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keys("stock", upstream),
            Definitions.Keyless("root", upstream).With("proxy.listen_path", "/"),
        ]);
        (await gateway.CallAsync("/free/items")).ShouldBe(200);
        (await gateway.CallAsync("/stock/items")).ShouldBe(401);

        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {target} HTTP/1.1\nHost: a")).ShouldBeRefused(403, "path_forbidden");

        Assert.Single(gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("/stock/files/a%2Fb", "/files/a%2Fb")]
    [InlineData("/stock/files//b", "/files//b")]
    [InlineData("/stock/files/b;v=1", "/files/b;v=1")]
    [InlineData("/stock/files/50%25", "/files/50%25")]
    [InlineData("/stock/files/.hidden", "/files/.hidden")]
    public async Task HonestPath_IsForwardedAsItWasSent(string target, string forwarded)
    {
        await using var gateway = await StartAsync("rfc", """{"paths":{"white_list":["^/files/"],"black_list":["^/closed"]}}""", keyless: true);

        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {target} HTTP/1.1\nHost: a")).ShouldBe(200);

        Assert.Equal(forwarded, gateway.Upstream.Requests.Single().Target);
    }

    [Theory]
    [InlineData("/stock/open/..%2fclosed")]
    [InlineData("/stock/open/..;/closed")]
    [InlineData("/stock/open%5c..%5cclosed")]
    public async Task AllowedUrl_MustAllowEveryReading(string target)
    {
        await using var gateway = await StartAsync("rfc", "{}");
        var key = await gateway.CreateKeyAsync(Definitions.Session([], """{"access_rights":{"stock":{"allowed_urls":[{"url":"^/stock/open","methods":["GET"]}]}}}"""));
        (await gateway.CallAsync("/stock/open/x", key)).ShouldBe(200);

        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {target} HTTP/1.1\nHost: a\nAuthorization: {key}")).ShouldBeRefused(403, "url_forbidden");

        Assert.Single(gateway.Upstream.Requests);
    }

    private static Task<TestGateway> StartAsync(string style, string version, bool keyless = false, Action<GatewaySetup>? setup = null) => TestGateway.StartAsync(
        upstream => [(keyless ? Definitions.Keyless("stock", upstream) : Definitions.Keys("stock", upstream)).With("errors", style).With("version_data.versions", new JsonObject { ["Default"] = JsonNode.Parse(version) })],
        setup);
}
