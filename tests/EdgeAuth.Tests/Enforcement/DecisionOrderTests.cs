using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>Where several reasons apply, the first in the order of spec d.2 is told, and nothing after it happens.</summary>
public sealed class DecisionOrderTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Inactive_ComesBeforeExpired()
    {
        var key = await CreateAsync("""{"is_inactive":true,"expires":10,"access_rights":{"other":{}}}""");

        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(403, "key_inactive");
    }

    [Fact]
    public async Task Expired_ComesBeforeRights()
    {
        var key = await CreateAsync("""{"expires":10,"access_rights":{"other":{}}}""");

        (await Gateway.CallAsync("/stock/x", key)).ShouldBeRefused(401, "credential_expired");
    }

    [Fact]
    public async Task Credential_ComesBeforeItsState()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"], """{"is_inactive":true}"""))).Text("access_token");
        (await Gateway.CallAsync("/orders/x", token)).ShouldBeRefused(403, "key_inactive");

        await Gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + client.Id);

        (await Gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "client_deleted");
    }

    [Fact]
    public async Task UrlThatIsNotGranted_IsChargedToNothing()
    {
        var key = await CreateAsync("""{"rate":1,"per":60,"quota_max":1,"quota_renewal_rate":60,"access_rights":{"stock":{"allowed_urls":[{"url":"/open$","methods":["GET"]}]}}}""");

        for (var i = 0; i < 3; i++)
        {
            (await Gateway.CallAsync("/stock/closed", key)).ShouldBeRefused(403, "url_forbidden");
            (await Gateway.CallAsync("/stock/open", key, "POST")).ShouldBeRefused(403, "url_forbidden");
        }

        (await Gateway.CallAsync("/stock/open", key)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/closed", key)).ShouldBeRefused(403, "url_forbidden");
        (await Gateway.CallAsync("/stock/open", key)).ShouldBeRefused(429, "rate_exceeded");
    }

    [Fact]
    public async Task Rate_ComesBeforeQuota_AndIsNotChargedToIt()
    {
        var key = await CreateAsync("""{"rate":2,"per":10,"quota_max":3,"quota_renewal_rate":3600}""");

        foreach (var expected in new[] { "", "", "rate_exceeded", "rate_exceeded" })
        {
            Assert.Equal(expected, await CodeAsync(key));
        }

        Gateway.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (var expected in new[] { "", "quota_exceeded", "quota_exceeded", "quota_exceeded" })
        {
            // Refused for the quota, a request is not charged to the rate, which would refuse the third of these.
            Assert.Equal(expected, await CodeAsync(key));
        }
    }

    [Theory]
    [InlineData("disabled", "user", "/stock/superuser", 200)]
    [InlineData("disabled", "/user", "/stock/x/user/y", 200)]
    [InlineData("disabled", "^/stock/user", "/stock/user/y", 200)]
    [InlineData("disabled", "^/user", "/stock/user/y", 403)]
    [InlineData("disabled", "/user/{id}$", "/stock/user/7", 200)]
    [InlineData("disabled", "/user/{id}$", "/stock/user/7/y", 403)]
    [InlineData("disabled", "/USER", "/stock/user", 403)]
    [InlineData("disabled", "(", "/stock/(", 403)]
    [InlineData("prefix", "/user", "/stock/user/y", 200)]
    [InlineData("prefix", "/stock/user", "/stock/user/y", 200)]
    [InlineData("prefix", "/user", "/stock/x/user", 403)]
    [InlineData("prefix", "/user", "/stock/superuser", 403)]
    [InlineData("suffix", "/user", "/stock/x/user", 200)]
    [InlineData("suffix", "/user", "/stock/user/y", 403)]
    [InlineData("both", "/user", "/stock/user", 200)]
    [InlineData("both", "/user/*", "/stock/user/7/y", 200)]
    [InlineData("both", "/user/*/y", "/stock/user/7/y", 200)]
    [InlineData("both", "/user/*/y", "/stock/user/7/8/y", 403)]
    [InlineData("both", "/user", "/stock/user/", 403)]
    public async Task AllowedUrl_IsMatched_AsTheSettingsSay(string mode, string pattern, string path, int status)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("stock", upstream)], setup =>
        {
            setup.Set("EdgeAuth:Dialects:Tyk:http_server_options:enable_path_prefix_matching", mode is "prefix" or "both" ? "true" : "false");
            setup.Set("EdgeAuth:Dialects:Tyk:http_server_options:enable_path_suffix_matching", mode is "suffix" or "both" ? "true" : "false");
        });
        var key = await gateway.CreateKeyAsync(Definitions.Session([], """{"access_rights":{"stock":{"allowed_urls":[{"url":"/never","methods":["GET"]},{"url":"PATTERN","methods":["GET","PUT"]}]}}}"""
            .Replace("PATTERN", pattern, StringComparison.Ordinal)));

        (await gateway.CallAsync(path, key, "PUT")).ShouldBe(status);
        (await gateway.CallAsync(path, key, "POST")).ShouldBe(403);
    }

    private Task<string> CreateAsync(string rules) => Gateway.CreateKeyAsync(Definitions.Session(["stock"], rules));

    private async Task<string> CodeAsync(string key)
    {
        var answer = await Gateway.CallAsync("/stock/x", key);
        return answer.Status == 200 ? "" : answer.Text("code");
    }
}
