using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>The password grant: a token with a copy of the user's session (spec b.3).</summary>
public sealed class PasswordGrantTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("orders", 400)]
    [InlineData("vintage", 403)]
    public async Task User_IsDenied_WithoutTheRightPassword(string api, int status)
    {
        await CreateUserAsync("ann", """{"basic_auth_data":{"password":"right"}}""");
        await Gateway.ManageAsync("POST", "/tyk/keys/plain", Definitions.Session(["orders"]));
        var client = await Gateway.CreateClientAsync(api);

        foreach (var (name, password) in new[] { ("ann", "wrong"), ("ann", "right "), ("nobody", "right"), ("plain", "right") })
        {
            (await LoginAsync(api, client, name, password)).ShouldBeOAuthError(status, "access_denied");
        }

        foreach (var (name, password) in new[] { ("", ""), ("ann", ""), ("", "right") })
        {
            (await LoginAsync(api, client, name, password)).ShouldBeOAuthError(status, "invalid_grant");
        }

        (await Gateway.TokenAsync(api, client, ("grant_type", "password"))).ShouldBeOAuthError(status, "invalid_grant");
        (await LoginAsync(api, client, "ann", "right")).ShouldBe(200);
    }

    [Fact]
    public async Task User_OfAnotherOrganisation_IsUnknown()
    {
        await CreateUserAsync("olga", """{"basic_auth_data":{"password":"p"}}""");

        (await LoginAsync("abroad", await Gateway.CreateClientAsync("abroad"), "olga", "p")).ShouldBeOAuthError(400, "access_denied");
    }

    [Fact]
    public async Task ExpiredUser_IsDenied()
    {
        var client = await Gateway.CreateClientAsync("orders");
        await CreateUserAsync("eve", $$"""{"basic_auth_data":{"password":"p"},"expires":{{Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 60}}}""");
        (await LoginAsync("orders", client, "eve", "p")).ShouldBe(200);

        Gateway.Time.Advance(TimeSpan.FromSeconds(61));

        (await LoginAsync("orders", client, "eve", "p")).ShouldBeOAuthError(400, "access_denied");
    }

    [Fact]
    public async Task Token_HasACopyOfTheUsersRules_WithoutThePassword_AndARefreshToken()
    {
        await CreateUserAsync("bob", """{"basic_auth_data":{"password":"p"},"rate":3,"per":60,"alias":"Bob","tags":["a"],"meta_data":{"of":"user"}}""");
        var client = await Gateway.CreateClientAsync("orders");

        var issued = (await LoginAsync("orders", client, "bob", "p", ("scope", "read"))).ShouldBe(200);

        Assert.Equal(["access_token", "expires_in", "refresh_token", "scope", "token_type"], issued.Json.Names());
        var session = await Gateway.SessionAsync(issued.Text("access_token"));
        Assert.Equal((3, "Bob", client.Id), (session.GetProperty("rate").GetDouble(), session.GetProperty("alias").GetString(), session.GetProperty("oauth_client_id").GetString()));
        Assert.Equal("""{"of":"user"}""", session.GetProperty("meta_data").GetRawText());
        Assert.False(session.TryGetProperty("basic_auth_data", out _));
        Assert.False(session.TryGetProperty("oauth_keys", out _));
        Assert.Equal("\"rate\";q=3;w=60", (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200).Header("RateLimit-Policy"));
        (await Gateway.RefreshAsync("orders", client, issued.Text("refresh_token"))).ShouldBe(200);
    }

    [Fact]
    public async Task OneToken_Lives_OfEachUserAndClient()
    {
        await CreateUserAsync("carl", """{"basic_auth_data":{"password":"p"}}""");
        await CreateUserAsync("dora", """{"basic_auth_data":{"password":"p"}}""");
        var (one, two) = (await Gateway.CreateClientAsync("orders"), await Gateway.CreateClientAsync("orders"));
        var first = (await LoginAsync("orders", one, "carl", "p")).Text("access_token");
        var ofAnotherClient = (await LoginAsync("orders", two, "carl", "p")).Text("access_token");
        var ofAnotherUser = (await LoginAsync("orders", one, "dora", "p")).Text("access_token");
        (await Gateway.CallAsync("/orders/x", first)).ShouldBe(200);

        var second = (await LoginAsync("orders", one, "carl", "p")).Text("access_token");

        (await Gateway.CallAsync("/orders/x", first)).ShouldBeRefused(401, "credential_unknown");
        foreach (var token in new[] { second, ofAnotherClient, ofAnotherUser })
        {
            (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        }

        var tracked = (await Gateway.ManageAsync("GET", "/tyk/keys/carl?org_id=org1")).Json.GetProperty("oauth_keys");
        Assert.Equal((Hashes.Of(second), Hashes.Of(ofAnotherClient)), (tracked.GetProperty(one.Id).GetString(), tracked.GetProperty(two.Id).GetString()));
    }

    [Fact]
    public async Task OneToken_Lives_ThoughItWasRefreshed()
    {
        await CreateUserAsync("edith", """{"basic_auth_data":{"password":"p"}}""");
        var client = await Gateway.CreateClientAsync("orders");
        var first = await LoginAsync("orders", client, "edith", "p");

        var refreshed = (await Gateway.RefreshAsync("orders", client, first.Text("refresh_token"))).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBe(200);
        var second = (await LoginAsync("orders", client, "edith", "p")).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");

        var again = (await Gateway.RefreshAsync("orders", client, refreshed.Text("refresh_token"))).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", second.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");
        (await Gateway.CallAsync("/orders/x", again.Text("access_token"))).ShouldBe(200);
    }

    [Fact]
    public async Task OneToken_Lives_AfterLoginsThatRace()
    {
        await CreateUserAsync("finn", """{"basic_auth_data":{"password":"p"}}""");
        var client = await Gateway.CreateClientAsync("orders");

        var tokens = (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LoginAsync("orders", client, "finn", "p")))).Select(static answer => answer.ShouldBe(200).Text("access_token")).ToList();

        var calls = await Task.WhenAll(tokens.Select(token => Gateway.CallAsync("/orders/x", token)));
        Assert.Single(calls, static call => call.Status == 200);
    }

    [Fact]
    public async Task ClientData_TakesThePlaceOfTheUsers_AndAMailAddressInItIsTheAlias()
    {
        await CreateUserAsync("gina", """{"basic_auth_data":{"password":"p"},"alias":"Gina","meta_data":{"of":"user","kept":"no"}}""");
        var client = await Gateway.CreateClientAsync("orders", more: new() { ["meta_data"] = JsonNode.Parse("""{"of":"client","tyk_developer_email":"dev@example.org"}""") });

        var session = await Gateway.SessionAsync((await LoginAsync("orders", client, "gina", "p")).ShouldBe(200).Text("access_token"));

        Assert.Equal(("""{"of":"client"}""", "dev@example.org"), (session.GetProperty("meta_data").GetRawText(), session.GetProperty("alias").GetString()));
    }

    // A key with the secret of JWTs is no credential by itself; the token of its user is.
    [Fact]
    public async Task Token_IsACredential_ThoughItsUserVerifiesJwts()
    {
        await CreateUserAsync("jane", """{"basic_auth_data":{"password":"p"},"jwt_data":{"secret":"a secret to verify tokens with"}}""");
        var client = await Gateway.CreateClientAsync("orders");

        var issued = (await LoginAsync("orders", client, "jane", "p")).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        Assert.False((await Gateway.SessionAsync(issued.Text("access_token"))).TryGetProperty("jwt_data", out _));
        var refreshed = (await Gateway.RefreshAsync("orders", client, issued.Text("refresh_token"))).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBe(200);
    }

    [Fact]
    public async Task InactiveUser_GetsATokenThatIsSwitchedOff()
    {
        await CreateUserAsync("hans", """{"basic_auth_data":{"password":"p"},"is_inactive":true}""");

        var token = (await LoginAsync("orders", await Gateway.CreateClientAsync("orders"), "hans", "p")).ShouldBe(200).Text("access_token");

        (await Gateway.CallAsync("/orders/x", token)).ShouldBeRefused(403, "key_inactive");
    }

    [Fact]
    public async Task Login_NeedsNoRedirectUri()
    {
        await CreateUserAsync("ida", """{"basic_auth_data":{"password":"p"}}""");

        (await LoginAsync("orders", await Gateway.CreateClientAsync("orders", redirect: ""), "ida", "p")).ShouldBe(200);
    }

    private async Task CreateUserAsync(string name, string session) =>
        (await Gateway.ManageAsync("POST", "/tyk/keys/" + name, Definitions.Session(["orders", "vintage"], session))).ShouldBe(200);

    private Task<Answer> LoginAsync(string api, OAuthClient client, string name, string password, params (string Name, string Value)[] more) =>
        Gateway.TokenAsync(api, client, [("grant_type", "password"), ("username", name), ("password", password), .. more]);
}
