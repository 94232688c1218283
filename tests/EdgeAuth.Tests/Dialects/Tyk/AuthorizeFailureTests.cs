using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Requests for an authorisation that fail: statuses, bodies, and what is checked first (spec a.3, b.4, j.14).</summary>
public sealed class AuthorizeFailureTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    /// <summary>An API of each style, with its status.</summary>
    public static TheoryData<string, int> Styles => new() { { "orders", 400 }, { "vintage", 403 } };

    /// <summary>An API of each style, with what it says of an unknown client.</summary>
    public static TheoryData<string, int, string> UnknownClients => new() { { "orders", 401, "invalid_client" }, { "vintage", 403, "unauthorized_client" } };

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task ResponseType_IsCheckedFirst(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);

        foreach (var type in new[] { "", "cod", "CODE", "code token" })
        {
            var unknown = (await AuthorizeAsync(api, ("response_type", type), ("client_id", "nobody"), ("redirect_uri", "http://evil.example"), ("state", "s"))).ShouldBeOAuthError(status, "unsupported_response_type");
            Assert.Equal(["error", "error_description"], unknown.Json.Names());

            // The client is known, so the user can be sent back; the state of such a request is not told, as in Tyk.
            var known = (await AuthorizeAsync(api, ("response_type", type), ("client_id", client.Id), ("redirect_uri", "http://evil.example"), ("state", "s"))).ShouldBeOAuthError(status, "unsupported_response_type");
            Assert.Equal(["error", "error_description", "redirect_to"], known.Json.Names());
            Assert.Equal(Redirect("unsupported_response_type"), known.Text("redirect_to"));
        }
    }

    [Theory]
    [MemberData(nameof(UnknownClients))]
    public async Task Client_IsCheckedNext(string api, int status, string id)
    {
        foreach (var clientId in new[] { "nobody", "", "no/body", "nobody\0" })
        {
            var answer = (await AuthorizeAsync(api, ("response_type", "code"), ("client_id", clientId), ("redirect_uri", "http://evil.example"), ("state", "s"))).ShouldBeOAuthError(status, id);

            Assert.Equal(["error", "error_description", "state"], answer.Json.Names());
            Assert.Equal(status == 401, answer.Header("WWW-Authenticate")?.StartsWith("Basic ", StringComparison.Ordinal) == true);
        }
    }

    [Theory]
    [MemberData(nameof(UnknownClients))]
    public async Task Client_IsUnknown_OnAnotherApi(string api, int status, string id)
    {
        var client = await Gateway.CreateClientAsync("billing");

        (await AuthorizeAsync(api, ("response_type", "code"), ("client_id", client.Id))).ShouldBeOAuthError(status, id);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Client_IsNotAuthorized_WithoutARegisteredUri(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api, redirect: "");

        var answer = (await AuthorizeAsync(api, ("response_type", "code"), ("client_id", client.Id), ("redirect_uri", "http://app.example"), ("state", "s"))).ShouldBeOAuthError(status, "unauthorized_client");

        Assert.Equal(["error", "error_description", "state"], answer.Json.Names());
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task RedirectUri_IsCheckedLast_AndNeverUsedUnverified(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);

        var answer = (await AuthorizeAsync(api, ("response_type", "code"), ("client_id", client.Id), ("redirect_uri", "http://evil.example/cb"), ("state", "s 1"))).ShouldBeOAuthError(status, "invalid_request");

        Assert.Equal(["error", "error_description", "redirect_to", "state"], answer.Json.Names());
        Assert.Equal(Redirect("invalid_request") + "&state=s+1", answer.Text("redirect_to"));
        Assert.Null(answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("code_challenge_method=plain&code_challenge=abc")]
    [InlineData("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    [InlineData("code_challenge_method=S256")]
    [InlineData("code_challenge_method=S256&code_challenge=short")]
    [InlineData("code_challenge_method=s256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    [InlineData("code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw%2BcM")]
    public async Task Challenge_IsRefused_UnlessItIsAnS256Hash(string challenge)
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await Gateway.ManageAsync("POST", $"/orders/tyk/oauth/authorize-client/?response_type=code&client_id={client.Id}&{challenge}")).ShouldBeOAuthError(400, "invalid_request");
    }

    [Fact]
    public async Task Statuses_AreTheSettings_WhenOneIsGiven()
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream), Definitions.OAuth("vintage", upstream).With("errors", "tyk")],
            static setup => setup.Set("EdgeAuth:Dialects:Tyk:oauth_error_status_code", "422"));

        foreach (var api in new[] { "orders", "vintage" })
        {
            foreach (var (type, clientId) in new[] { ("nonsense", "nobody"), ("code", "nobody") })
            {
                (await gateway.ManageAsync("POST", $"/{api}/tyk/oauth/authorize-client/", TestGateway.Form(("response_type", type), ("client_id", clientId)))).ShouldBeJson(422);
            }
        }
    }

    [Fact]
    public async Task Form_IsRefused_WhenItCannotBeParsed()
    {
        using var body = new StringContent("response_type=code&state=%zz", null, "application/x-www-form-urlencoded");

        (await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", body)).ShouldFail(400, "cannot parse form. Form malformed");
        var broken = await RawHttp.SendAsync(Gateway.Url, $"POST /orders/tyk/oauth/authorize-client/?state=%zz HTTP/1.1\nHost: gateway\nX-Tyk-Authorization: {TestGateway.Secret}\nContent-Length: 0");
        Answer.Of(broken).ShouldFail(400, "cannot parse form. Form malformed");
    }

    private Task<Answer> AuthorizeAsync(string api, params (string Name, string Value)[] fields) =>
        Gateway.ManageAsync("POST", $"/{api}/tyk/oauth/authorize-client/", TestGateway.Form([.. fields, ("key_rules", "{}")]));

    private static string Redirect(string id) =>
        "http://app.example/cb?error=" + id + "&error_description=" + Uri.EscapeDataString(AnswerChecks.OAuthText(id)).Replace("%20", "+", StringComparison.Ordinal).Replace("%28", "(", StringComparison.Ordinal).Replace("%29", ")", StringComparison.Ordinal).Replace("%2C", "%2c", StringComparison.Ordinal);
}
