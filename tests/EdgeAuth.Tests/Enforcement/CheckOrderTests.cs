using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>The order of the checks (spec d.2): of two that fail at once, the earlier one answers, in both styles.</summary>
public sealed class CheckOrderTests(CheckOrderTests.Gateways shared) : IClassFixture<CheckOrderTests.Gateways>
{
    // A step, its answer in rfc style, its answer in tyk style.
    private static readonly (string Step, int Status, string Code, int TykStatus, string Message)[] Steps =
    [
        ("version", 403, "version_unknown", 403, "This API version does not seem to exist"),
        ("expiry", 403, "version_expired", 403, "Api Version has expired, please check documentation or contact administrator"),
        ("path", 403, "path_forbidden", 403, "Requested endpoint is forbidden"),
        ("preflight", 204, "", 204, ""),
        ("address", 403, "ip_forbidden", 403, "access from this IP has been disallowed"),
        ("organisation", 403, "org_disabled", 403, "this organisation access has been disabled, please contact your API administrator"),
        ("size", 413, "too_large", 400, "Request is too large"),
        ("authentication", 401, "client_deleted", 403, "Key not authorised. OAuth client access was revoked"),
        ("inactive", 403, "key_inactive", 403, "Key is inactive, please renew"),
        ("expired", 401, "credential_expired", 401, "Key has expired, please renew"),
        ("rights", 403, "api_forbidden", 403, "Access to this API has been disallowed"),
        ("url", 403, "url_forbidden", 403, "Access to this resource has been disallowed"),
        ("rate", 429, "rate_exceeded", 429, "Rate Limit Exceeded"),
        ("quota", 429, "quota_exceeded", 403, "Quota exceeded"),
        ("everybody", 429, "api_rate_exceeded", 429, "API Rate Limit Exceeded"),
        ("upstream", 502, "upstream_unreachable", 500, "There was a problem proxying the request"),
    ];

    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string, string, string> AdjacentPairs
    {
        get
        {
            var pairs = new TheoryData<string, string, string>();
            foreach (var style in new[] { "rfc", "tyk" })
            {
                for (var i = 0; i + 1 < Steps.Length; i++)
                {
                    // A version is unknown or expired, not both: what is known of the one that is not there?
                    pairs.Add(style, Steps[i].Step, Steps[i].Step == "version" ? "path" : Steps[i + 1].Step);
                }
            }

            return pairs;
        }
    }

    public static TheoryData<string, string> Alone
    {
        get
        {
            var alone = new TheoryData<string, string>();
            foreach (var (step, _, _, _, _) in Steps)
            {
                alone.Add("rfc", step);
                alone.Add("tyk", step);
            }

            return alone;
        }
    }

    [Theory]
    [MemberData(nameof(AdjacentPairs))]
    public async Task EarlierStep_Answers_WhenTwoFailAtOnce(string style, string earlier, string later) =>
        ShouldBeOf(earlier, style, await FailAsync(style, earlier, later));

    // So that the other test means something: each failure is one by itself, and a request without any passes.
    [Theory]
    [MemberData(nameof(Alone))]
    public async Task Step_Answers_WhenItFailsAlone(string style, string step) => ShouldBeOf(step, style, await FailAsync(style, step));

    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task Request_Passes_WhenNoStepFails(string style) => (await FailAsync(style)).ShouldBe(200);

    private static void ShouldBeOf(string step, string style, Answer answer)
    {
        var expected = Steps.Single(row => row.Step == step);
        if (expected.Code.Length == 0)
        {
            answer.ShouldBe(expected.Status);
            Assert.Equal("http://page.example", answer.Header("Access-Control-Allow-Origin"));
        }
        else if (style == "tyk")
        {
            answer.ShouldBeTykRefusal(expected.TykStatus, expected.Message);
        }
        else
        {
            answer.ShouldBeRefused(expected.Status, expected.Code);
        }
    }

    private async Task<Answer> FailAsync(string style, params string[] steps)
    {
        bool Fails(string step) => steps.Contains(step, StringComparer.Ordinal);
        var api = $"{style}-{(Fails("organisation") ? "off" : Fails("upstream") ? "dead" : "on")}";
        var (client, token) = await IssueAsync(api, Fails);
        if (Fails("rate") || Fails("quota"))
        {
            await SendAsync(Request(HttpMethod.Get, $"/{api}/open", token), 200);
        }

        if (Fails("everybody"))
        {
            // Everybody's one request goes to somebody else.
            var (_, other) = await IssueAsync(api, static _ => false);
            await SendAsync(Request(HttpMethod.Get, $"/{api}/shared", other), expected: null);
        }

        if (Fails("authentication"))
        {
            (await Gateway.ManageAsync("DELETE", $"/tyk/oauth/clients/{api}/{client.Id}")).ShouldBe(200);
        }

        if (Fails("expired"))
        {
            Gateway.Time.Advance(TimeSpan.FromMinutes(61));
        }

        return await SendAsync(Build(api, token, Fails), expected: null);
    }

    private static HttpRequestMessage Build(string api, string token, Func<string, bool> fails)
    {
        var path = fails("path") ? "closed" : fails("everybody") ? "shared" : fails("url") ? "elsewhere" : "open";
        var request = Request(fails("preflight") ? HttpMethod.Options : fails("size") ? HttpMethod.Post : HttpMethod.Get, $"/{api}/{path}", token);
        request.Headers.Remove("X-Version");
        request.Headers.Add("X-Version", fails("version") ? "v9" : fails("expiry") ? "v0" : "v1");
        if (fails("preflight"))
        {
            request.Headers.Add("Origin", "http://page.example");
            request.Headers.Add("Access-Control-Request-Method", "GET");
        }

        if (fails("address"))
        {
            request.Headers.Add("X-Real-IP", "10.1.2.3");
        }

        if (fails("size"))
        {
            request.Content = new StringContent(new string('x', 200));
        }

        return request;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string token)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Version", "v1");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, int? expected)
    {
        using (request)
        {
            var answer = await Gateway.SendAsync(request);
            return expected is { } status ? answer.ShouldBe(status) : answer;
        }
    }

    private async Task<(OAuthClient Client, string Token)> IssueAsync(string api, Func<string, bool> fails)
    {
        var right = new JsonObject { ["versions"] = new JsonArray(fails("rights") ? "v2" : "v1", fails("rights") ? "v3" : "v0") };
        if (fails("url"))
        {
            right["allowed_urls"] = new JsonArray(new JsonObject { ["url"] = "/open$", ["methods"] = new JsonArray("GET") });
        }

        var session = new JsonObject
        {
            ["org_id"] = api.EndsWith("off", StringComparison.Ordinal) ? "off" : "org1",
            ["is_inactive"] = fails("inactive"),
            ["rate"] = fails("rate") ? 1 : 0,
            ["per"] = 3600,
            ["quota_max"] = fails("quota") ? 1 : -1,
            ["quota_renewal_rate"] = 3600,
            ["access_rights"] = new JsonObject { [api] = right },
        };
        var client = await Gateway.CreateClientAsync(api);
        return (client, (await Gateway.IssueAsync(api, client, session)).Text("access_token"));
    }

    /// <summary>In both styles an API on which every step can fail, one of an organisation that is switched off, and one whose upstream is dead.</summary>
    public sealed class Gateways : SharedGateway
    {
        private const string Versions = """
            {
              "not_versioned": false,
              "versions": {
                "v0": { "name": "v0", "expires": "2001-01-01 00:00", "paths": { "black_list": ["/closed"] } },
                "v1": {
                  "name": "v1", "global_size_limit": 100, "use_extended_paths": true,
                  "extended_paths": { "black_list": [{ "path": "/closed" }], "rate_limit": [{ "path": "/shared", "rate": 1, "per": 3600 }] }
                }
              }
            }
            """;

        private protected override async Task<TestGateway> StartAsync()
        {
            var gateway = await TestGateway.StartAsync(
                static upstream => from style in new[] { "rfc", "tyk" } from kind in new[] { "on", "off", "dead" } select Api(style, kind, upstream),
                static setup =>
                {
                    setup.Set("EdgeAuth:Dialects:Tyk:enforce_org_quotas", "true");
                    setup.Set("EdgeAuth:TrustedProxies:0", "127.0.0.1");
                });
            (await gateway.ManageAsync("POST", "/tyk/org/keys/off", JsonNode.Parse("""{"is_inactive":true}""")!)).ShouldBe(200);
            return gateway;
        }

        private static JsonObject Api(string style, string kind, string upstream) => Definitions
            .OAuth($"{style}-{kind}", kind == "dead" ? "http://127.0.0.1:9" : upstream, kind == "off" ? "off" : "org1")
            .With("errors", style)
            .With("version_data", JsonNode.Parse(Versions))
            .With("definition", new { location = "header", key = "X-Version" })
            .With("CORS", new { enable = true, allowed_origins = new[] { "http://page.example" }, allowed_methods = new[] { "GET" } })
            .With("enable_ip_blacklisting", true)
            .With("blacklisted_ips", new[] { "10.0.0.0/8" });
    }
}
