using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>
/// Where a credential is looked for and how it is read (spec d.3). In what is sent, <c>GOOD</c> stands for a credential that passes and
/// <c>BAD</c> for one that nobody has.
/// </summary>
public sealed class CredentialSourceTests(CredentialSourceTests.Host host) : IClassFixture<CredentialSourceTests.Host>
{
    [Theory]
    [InlineData("keys", "Authorization: GOOD", "", null)]
    [InlineData("keys", "Authorization: Bearer GOOD", "", null)]
    [InlineData("keys", "authorization: bearer GOOD", "", null)]
    [InlineData("keys", "AUTHORIZATION: BEARER GOOD", "", null)]
    [InlineData("keys", "Authorization: Bearer: GOOD", "", "credential_unknown")]
    [InlineData("keys", "Authorization: GOOD more", "", "credential_unknown")]
    [InlineData("keys", "Authorization: ", "", "credential_missing")]
    [InlineData("keys", "X-Key: GOOD", "", "credential_missing")]
    [InlineData("keys", "", "?Authorization=GOOD", "credential_missing")]
    [InlineData("keys", "Cookie: Authorization=GOOD", "", "credential_missing")]
    [InlineData("header", "X-Key: GOOD", "", null)]
    [InlineData("header", "x-key: bearer GOOD", "", null)]
    [InlineData("header", "Authorization: GOOD", "", "credential_missing")]
    [InlineData("legacy", "X-Old: GOOD", "", null)]
    [InlineData("legacy", "Authorization: GOOD", "", "credential_missing")]
    [InlineData("both-blocks", "X-New: GOOD", "", null)]
    [InlineData("both-blocks", "X-Old: GOOD", "", "credential_missing")]
    [InlineData("all", "Authorization: GOOD", "", null)]
    [InlineData("all", "", "?key=GOOD", null)]
    [InlineData("all", "", "?key=Bearer%20GOOD", null)]
    [InlineData("all", "Cookie: crumb=GOOD", "", null)]
    [InlineData("all", "Cookie: a=1; crumb=GOOD; b=2", "", null)]
    [InlineData("all", "Authorization: BAD", "?key=GOOD", null)]
    [InlineData("all", "Authorization: GOOD", "?key=BAD", "credential_unknown")]
    [InlineData("all", "Authorization: GOOD|Cookie: crumb=BAD", "", "credential_unknown")]
    [InlineData("all", "Cookie: crumb=GOOD", "?key=BAD", null)]
    [InlineData("all", "Cookie: crumb=BAD", "?key=GOOD", "credential_unknown")]
    [InlineData("all", "Authorization: GOOD|Cookie: crumb=", "?key=", null)]
    [InlineData("all", "Cookie: crumb=", "?key=GOOD", null)]
    [InlineData("all", "Cookie: crumbs=GOOD; xcrumb=GOOD", "", "credential_missing")]
    [InlineData("all", "", "?keys=GOOD", "credential_missing")]
    [InlineData("all", "", "?Authorization=GOOD", "credential_missing")]
    [InlineData("unnamed", "X-Key: GOOD", "", null)]
    [InlineData("unnamed", "", "?X-Key=GOOD", null)]
    [InlineData("unnamed", "Cookie: X-Key=GOOD", "", null)]
    [InlineData("unnamed", "Authorization: GOOD", "", "credential_missing")]
    [InlineData("headerless", "Authorization: GOOD", "", "credential_missing")]
    [InlineData("headerless", "Authorization: BAD", "?key=GOOD", null)]
    public async Task Key_IsFound_WhereTheDefinitionSays(string api, string headers, string query, string? code) =>
        await ShouldAnswerAsync(api, host.Key, headers, query, code);

    [Theory]
    [InlineData("oauth", "Authorization: Bearer GOOD", "", null)]
    [InlineData("oauth", "Authorization: bearer GOOD", "", null)]
    [InlineData("oauth", "Authorization: bEARER GOOD", "", null)]
    [InlineData("oauth", "Authorization: Bearer GOOD and more words", "", null)]
    [InlineData("oauth", "Authorization: GOOD", "", "credential_missing")]
    [InlineData("oauth", "Authorization: Bearer", "", "credential_missing")]
    [InlineData("oauth", "Authorization: ", "", "credential_missing")]
    [InlineData("oauth", "", "", "credential_missing")]
    [InlineData("oauth", "Authorization: Token GOOD", "", "credential_malformed")]
    [InlineData("oauth", "Authorization: Bearer: GOOD", "", "credential_malformed")]
    [InlineData("oauth", "Authorization: Bearer  GOOD", "", "credential_unknown")]
    [InlineData("oauth", "Authorization: Bearer BAD GOOD", "", "credential_unknown")]
    [InlineData("oauth", "X-Old: Bearer GOOD", "", "credential_missing")]
    [InlineData("oauth-named", "X-Token: Bearer GOOD", "", null)]
    [InlineData("oauth-named", "Authorization: Bearer GOOD", "", "credential_missing")]
    [InlineData("oauth-all", "Authorization: Bearer GOOD", "", null)]
    [InlineData("oauth-all", "", "?token=Bearer%20GOOD", null)]
    [InlineData("oauth-all", "", "?token=Bearer+GOOD", null)]
    [InlineData("oauth-all", "", "?token=GOOD", "credential_missing")]
    [InlineData("oauth-all", "Cookie: crumb=Bearer GOOD", "", null)]
    [InlineData("oauth-all", "Cookie: a=b; crumb=Bearer GOOD; c=d", "", null)]
    [InlineData("oauth-all", "Cookie: crumb=\"Bearer GOOD\"", "", null)]
    [InlineData("oauth-all", "Cookie: crumb=Bearer%20GOOD", "", null)]
    [InlineData("oauth-all", "Cookie: Crumb=Bearer GOOD", "?Token=Bearer%20GOOD", "credential_missing")]
    [InlineData("oauth-all", "Cookie: crumb=GOOD", "", "credential_missing")]
    [InlineData("oauth-all", "Authorization: Bearer GOOD|Cookie: crumb=Bearer BAD", "", "credential_unknown")]
    [InlineData("oauth-all", "Authorization: Bearer BAD|Cookie: crumb=Bearer GOOD", "?token=Bearer%20BAD", null)]
    [InlineData("oauth-all", "Authorization: Bearer GOOD|Cookie: crumb=", "?token=", null)]
    public async Task Token_IsFound_WhereTheDefinitionSays(string api, string headers, string query, string? code) =>
        await ShouldAnswerAsync(api, host.Token, headers, query, code);

    [Theory]
    [InlineData(0, "ab", false)]
    [InlineData(0, "abc", true)]
    [InlineData(6, "abcde", false)]
    [InlineData(6, "abcdef", true)]
    public async Task CredentialShorterThanTheSetting_IsNotLookedUp(int setting, string name, bool found)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("keys", upstream)], static setup => setup.Set("EdgeAuth:Dialects:Tyk:min_token_length", "2"));
        var key = (await gateway.ManageAsync("POST", "/tyk/keys/" + name, Definitions.Session(["keys"], """{"org_id":""}"""))).ShouldBe(200).Text("key");
        (await gateway.CallAsync("/keys/x", key)).ShouldBe(200);

        await using var stricter = await gateway.RestartAsync(setup => setup.Set("EdgeAuth:Dialects:Tyk:min_token_length", setting.ToString()));
        var answer = await stricter.CallAsync("/keys/x", key);

        _ = found ? answer.ShouldBe(200) : answer.ShouldBeRefused(401, "credential_unknown");
    }

    private async Task ShouldAnswerAsync(string api, string credential, string headers, string query, string? code)
    {
        string Fill(string text) => text.Replace("GOOD", credential, StringComparison.Ordinal).Replace("BAD", "nobody-has-this", StringComparison.Ordinal);
        var lines = headers.Length == 0 ? "" : Fill(headers).Replace('|', '\n') + "\n";

        var answer = Answer.Of(await RawHttp.SendAsync(host.Gateway.Url, $"GET /{api}/x{Fill(query)} HTTP/1.1\nHost: gateway\n{lines}"));

        _ = code is null ? answer.ShouldBe(200) : answer.ShouldBeRefused(401, code);
    }

    public sealed class Host : GatewayFixture
    {
        private static readonly string[] KeyApis = ["keys", "header", "legacy", "both-blocks", "all", "unnamed", "headerless"];
        private static readonly string[] OAuthApis = ["oauth", "oauth-named", "oauth-all"];

        internal string Key { get; private set; } = "";

        internal string Token { get; private set; } = "";

        private protected override async Task<TestGateway> StartAsync()
        {
            var gateway = await TestGateway.StartAsync(static upstream =>
            [
                Definitions.Keys("keys", upstream),
                Definitions.Keys("header", upstream).With("auth_configs.authToken", new { auth_header_name = "X-Key" }),
                Definitions.Keys("legacy", upstream).With("auth", new { auth_header_name = "X-Old" }),
                Definitions.Keys("both-blocks", upstream).With("auth", new { auth_header_name = "X-Old" }).With("auth_configs.authToken", new { auth_header_name = "X-New" }),
                Definitions.Keys("all", upstream).With("auth_configs.authToken", new { use_param = true, param_name = "key", use_cookie = true, cookie_name = "crumb" }),
                Definitions.Keys("unnamed", upstream).With("auth_configs.authToken", new { auth_header_name = "X-Key", use_param = true, use_cookie = true }),
                Definitions.Keys("headerless", upstream).With("auth_configs.authToken", new { disable_header = true, use_param = true, param_name = "key" }),
                Definitions.OAuth("oauth", upstream).With("auth", new { auth_header_name = "X-Old" }),
                Definitions.OAuth("oauth-named", upstream).With("auth_configs.oauth", new { auth_header_name = "X-Token" }),
                Definitions.OAuth("oauth-all", upstream).With("auth_configs.oauth", new { use_param = true, param_name = "token", use_cookie = true, cookie_name = "crumb" }),
            ]);
            Key = await gateway.CreateKeyAsync(Definitions.Session(KeyApis));
            foreach (var api in OAuthApis)
            {
                await gateway.CreateClientAsync(api, more: new() { ["client_id"] = "app", ["secret"] = "s" });
            }

            Token = (await gateway.IssueAsync("oauth", new OAuthClient("app", "s", "http://app.example/cb"), Definitions.Session(OAuthApis))).Text("access_token");
            return gateway;
        }
    }
}
