using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>Every refusal in both styles: status, body, fields (design: data plane errors; spec d.2, d.3, j.9).</summary>
public sealed class RefusalTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    /// <summary>Story, whether on an API that takes OAuth tokens, rfc status, code, tyk status, Tyk's wording.</summary>
    public static TheoryData<string, bool, int, string, int, string> Refusals => new()
    {
        { "nothing", true, 401, "credential_missing", 400, "Authorization field missing" },
        { "another scheme", true, 401, "credential_malformed", 400, "Bearer token malformed" },
        { "too short", true, 401, "credential_unknown", 403, "Key not authorised" },
        { "never issued", true, 401, "credential_unknown", 403, "Key not authorised" },
        { "policy not found", true, 401, "credential_unknown", 403, "Key not authorised" },
        { "revoked", true, 401, "credential_unknown", 403, "Key not authorised" },
        { "client deleted", true, 401, "client_deleted", 403, "Key not authorised. OAuth client access was revoked" },
        { "client elsewhere", true, 401, "client_deleted", 403, "Key not authorised. OAuth client access was revoked" },
        { "plain key", true, 401, "client_deleted", 403, "Key not authorised. OAuth client access was revoked" },
        { "inactive", true, 403, "key_inactive", 403, "Key is inactive, please renew" },
        { "expired", true, 401, "credential_expired", 401, "Key has expired, please renew" },
        { "other api", true, 403, "api_forbidden", 403, "Access to this API has been disallowed" },
        { "other path", true, 403, "url_forbidden", 403, "Access to this resource has been disallowed" },
        { "other method", true, 403, "url_forbidden", 403, "Access to this resource has been disallowed" },
        { "rate used up", true, 429, "rate_exceeded", 429, "Rate Limit Exceeded" },
        { "quota used up", true, 429, "quota_exceeded", 403, "Quota exceeded" },
        { "quota used up for ever", true, 429, "quota_exceeded", 403, "Quota exceeded" },
        { "nothing", false, 401, "credential_missing", 401, "Authorization field missing" },
        { "another scheme", false, 401, "credential_unknown", 403, "Access to this API has been disallowed" },
        { "too short", false, 401, "credential_unknown", 403, "Access to this API has been disallowed" },
        { "never issued", false, 401, "credential_unknown", 403, "Access to this API has been disallowed" },
        { "policy not found", false, 401, "credential_unknown", 403, "Access to this API has been disallowed" },
        { "revoked", false, 401, "credential_unknown", 403, "Access to this API has been disallowed" },
        { "inactive", false, 403, "key_inactive", 403, "Key is inactive, please renew" },
        { "expired", false, 401, "credential_expired", 401, "Key has expired, please renew" },
        { "other api", false, 403, "api_forbidden", 403, "Access to this API has been disallowed" },
        { "other path", false, 403, "url_forbidden", 403, "Access to this resource has been disallowed" },
        { "other method", false, 403, "url_forbidden", 403, "Access to this resource has been disallowed" },
        { "rate used up", false, 429, "rate_exceeded", 429, "Rate Limit Exceeded" },
        { "quota used up", false, 429, "quota_exceeded", 403, "Quota exceeded" },
        { "quota used up for ever", false, 429, "quota_exceeded", 403, "Quota exceeded" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task RfcStyle_IsAProblem_WithItsCodeAndTyksWording(string story, bool oauth, int status, string code, int tykStatus, string message)
    {
        _ = tykStatus;

        var answer = await RefuseAsync(oauth ? "orders" : "stock", oauth, story);

        answer.ShouldBeRefused(status, code);
        Assert.Equal(["type", "title", "status", "detail", "code", "error"], answer.Json.Names());
        Assert.Equal((status, message), (answer.Json.GetProperty("status").GetInt32(), answer.Text("error")));
        Assert.NotEmpty(answer.Text("detail"));
        Assert.Equal(status == 401, answer.Header("WWW-Authenticate") is not null);
        Assert.Equal(RetryAfter(story), answer.Header("Retry-After"));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task TykStyle_IsExactlyTyks(string story, bool oauth, int rfcStatus, string code, int status, string message)
    {
        _ = code;

        var answer = await RefuseAsync(oauth ? "vintage" : "attic", oauth, story);

        answer.ShouldBeTykRefusal(status, message);
        Assert.Equal(oauth && rfcStatus == 401, answer.Header("WWW-Authenticate") is not null);
        Assert.Equal(RetryAfter(story), answer.Header("Retry-After"));
        Assert.DoesNotContain(answer.Headers.Keys, static name => name.StartsWith("X-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("text/xml")]
    [InlineData("application/soap+xml")]
    [InlineData("text/xml; charset=utf-8")]
    public async Task TykStyle_IsXml_WhenTheRequestIs(string contentType)
    {
        foreach (var (api, oauth, story, status, message) in new[]
        {
            ("vintage", true, "nothing", 400, "Authorization field missing"),
            ("vintage", true, "quota used up", 403, "Quota exceeded"),
            ("attic", false, "inactive", 403, "Key is inactive, please renew"),
        })
        {
            var answer = (await RefuseAsync(api, oauth, story, contentType)).ShouldBe(status);

            Assert.Equal(contentType.Split(';')[0], answer.Header("Content-Type"));
            Assert.Equal($"<?xml version = \"1.0\" encoding = \"UTF-8\"?>\n<error>{message}</error>", answer.Body);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/xhtml+xml")]
    public async Task TykStyle_IsJson_WhenTheRequestIsNotXml(string contentType) =>
        (await RefuseAsync("vintage", oauth: true, "nothing", contentType)).ShouldBeTykRefusal(400, "Authorization field missing");

    [Fact]
    public async Task RfcStyle_IsAProblem_AlsoWhenTheRequestIsXml() =>
        (await RefuseAsync("orders", oauth: true, "nothing", "text/xml")).ShouldBeRefused(401, "credential_missing");

    [Theory]
    [InlineData("nothing", "Bearer realm=\"orders API\"")]
    [InlineData("another scheme", "Bearer realm=\"orders API\", error=\"invalid_request\"")]
    [InlineData("never issued", "Bearer realm=\"orders API\", error=\"invalid_token\"")]
    [InlineData("client deleted", "Bearer realm=\"orders API\", error=\"invalid_token\"")]
    [InlineData("expired", "Bearer realm=\"orders API\", error=\"invalid_token\", error_description=\"The access token expired\"")]
    public async Task Challenge_NamesTheApiAndTheError(string story, string challenge) =>
        Assert.Equal(challenge, (await RefuseAsync("orders", oauth: true, story)).Header("WWW-Authenticate"));

    [Theory]
    [InlineData("orders")]
    [InlineData("vintage")]
    public async Task Head_IsRefusedWithoutABody(string api)
    {
        var answer = await Gateway.CallAsync($"/{api}/x", method: "HEAD");

        Assert.Equal((api == "orders" ? 401 : 400, ""), (answer.Status, answer.Body));
    }

    // How long until the refused request may be tried again; time stands still, so to the second.
    private static string? RetryAfter(string story) => story switch
    {
        "rate used up" => "60",
        "quota used up" => "3600",
        _ => null,
    };

    private async Task<Answer> RefuseAsync(string api, bool oauth, string story, string? contentType = null)
    {
        Gateway.Upstream.Requests.Clear();
        var answer = await RefusedCalls.MakeAsync(Gateway, api, oauth, story, contentType);
        Assert.DoesNotContain(Gateway.Upstream.Requests, static request => request.Path is "/x");
        return answer;
    }
}
