using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>
/// How a client shows who it is at the token endpoint (spec b.2, j.14). In what is sent, <c>ID</c> and <c>SECRET</c> are those of the client,
/// <c>OTHER</c> is another client.
/// </summary>
public sealed class ClientAuthenticationTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    /// <summary>Authorization, form; status and id in rfc style, id in tyk style, whose status is 403.</summary>
    public static TheoryData<string?, string, int, string, string> Failures => new()
    {
        { null, "", 400, "invalid_request", "invalid_request" },
        { null, "client_secret=SECRET", 400, "invalid_request", "invalid_request" },
        { "Bearer abc", "", 400, "invalid_request", "invalid_request" },
        { "Bearer abc", "client_id=ID&client_secret=SECRET", 400, "invalid_request", "invalid_request" },
        { "Basic", "", 400, "invalid_request", "invalid_request" },
        { "Basic !!!", "", 400, "invalid_request", "invalid_request" },
        { "=ID", "", 400, "invalid_request", "invalid_request" },
        { "lower=ID:SECRET", "", 400, "invalid_request", "invalid_request" },
        { "=nobody:SECRET", "", 401, "invalid_client", "invalid_client" },
        { "=:SECRET", "", 401, "invalid_client", "invalid_client" },
        { "=ID:wrong", "", 401, "invalid_client", "unauthorized_client" },
        { "=ID:", "", 401, "invalid_client", "unauthorized_client" },
        { "=ID:SECRET ", "", 401, "invalid_client", "unauthorized_client" },
        { "=OTHER:SECRET", "client_id=ID&client_secret=SECRET", 401, "invalid_client", "unauthorized_client" },
        { "=nobody:s", "client_id=ID&client_secret=SECRET", 401, "invalid_client", "invalid_client" },
        { null, "client_id=nobody&client_secret=SECRET", 401, "invalid_client", "invalid_client" },
        { null, "client_id=ID&client_secret=wrong", 401, "invalid_client", "unauthorized_client" },
        { null, "client_id=ID", 401, "invalid_client", "unauthorized_client" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Client_IsRefused_UnlessItShowsItsSecret(string? authorization, string form, int status, string id, string tykId)
    {
        var answer = (await TryAsync("orders", authorization, form)).ShouldBeOAuthError(status, id);
        Assert.Equal(status == 401 ? "Basic realm=\"orders\"" : null, answer.Header("WWW-Authenticate"));
        ShouldHaveTheFields(answer);

        var vintage = (await TryAsync("vintage", authorization, form)).ShouldBeOAuthError(403, tykId);
        Assert.Null(vintage.Header("WWW-Authenticate"));
        ShouldHaveTheFields(vintage);
    }

    [Theory]
    [InlineData("=ID:SECRET", "")]
    [InlineData(null, "client_id=ID&client_secret=SECRET")]
    [InlineData("=ID:SECRET", "client_id=nobody&client_secret=wrong")]
    [InlineData("=ID:SECRET", "client_id=OTHER")]
    public async Task Client_IsKnown_ByBasic_ElseByItsBody(string? authorization, string form)
    {
        foreach (var api in new[] { "orders", "vintage" })
        {
            var answer = (await TryAsync(api, authorization, form)).ShouldBeJson(200);

            ShouldHaveTheFields(answer);
            Assert.Equal(["access_token", "expires_in", "token_type"], answer.Json.Names());
            Assert.Equal("bearer", answer.Text("token_type"));
        }
    }

    [Fact]
    public async Task Halves_MayBeEncoded_AsTheStandardAsks_OrAsTheyAre()
    {
        await Gateway.CreateClientAsync("orders", policy: "silver", more: new() { ["client_id"] = "a b+c%", ["secret"] = "s:e/c ret%41" });

        foreach (var basic in new[] { "a b+c%:s:e/c ret%41", "a+b%2Bc%25:s%3Ae%2Fc+ret%2541" })
        {
            using var form = TestGateway.Form(("grant_type", "client_credentials"));
            (await Gateway.PostTokenAsync("orders", TokenCalls.Basic(basic), form)).ShouldBe(200);
        }
    }

    [Fact]
    public async Task Client_OfAnotherApi_IsUnknown()
    {
        var client = await Gateway.CreateClientAsync("billing", policy: "silver");

        (await Gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBeOAuthError(401, "invalid_client");
        (await Gateway.TokenAsync("billing", client, ("grant_type", "client_credentials"))).ShouldBe(200);
    }

    [Fact]
    public async Task Status_IsTheSetting_WhenOneIsGiven()
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream), Definitions.OAuth("vintage", upstream).With("errors", "tyk")],
            static setup => setup.Set("EdgeAuth:Dialects:Tyk:oauth_error_status_code", "418"));

        foreach (var api in new[] { "orders", "vintage" })
        {
            (await gateway.TokenAsync(api, new OAuthClient("nobody", "s", ""))).ShouldBeOAuthError(418, "invalid_client");
            using var nothing = TestGateway.Form();
            (await gateway.PostTokenAsync(api, null, nothing)).ShouldBeOAuthError(418, "invalid_request");
        }
    }

    private static void ShouldHaveTheFields(Answer answer)
    {
        foreach (var (name, value) in new[]
        {
            ("X-Content-Type-Options", "nosniff"),
            ("X-XSS-Protection", "1; mode=block"),
            ("X-Frame-Options", "DENY"),
            ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
            ("Cache-Control", "no-cache, no-store, must-revalidate"),
            ("Pragma", "no-cache"),
            ("Expires", "0"),
            ("Content-Type", "application/json"),
        })
        {
            Assert.Equal(value, answer.Header(name));
        }
    }

    private async Task<Answer> TryAsync(string api, string? authorization, string form)
    {
        var (client, other) = (await Gateway.CreateClientAsync(api, policy: "silver"), await Gateway.CreateClientAsync(api, policy: "silver"));
        string Fill(string text) => text.Replace("OTHER", other.Id, StringComparison.Ordinal).Replace("ID", client.Id, StringComparison.Ordinal).Replace("SECRET", client.Secret, StringComparison.Ordinal);
        var header = authorization is null || !authorization.Contains('=', StringComparison.Ordinal) ? authorization
            : authorization.StartsWith("lower", StringComparison.Ordinal) ? TokenCalls.Basic(Fill(authorization[6..])).Replace("Basic", "basic", StringComparison.Ordinal)
            : TokenCalls.Basic(Fill(authorization[1..]));
        using var content = new StringContent("grant_type=client_credentials&" + Fill(form), null, "application/x-www-form-urlencoded");
        return await Gateway.PostTokenAsync(api, header, content);
    }
}
