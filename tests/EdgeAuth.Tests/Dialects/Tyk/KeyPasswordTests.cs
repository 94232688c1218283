using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Users with a password: hashed, never shown, kept by an update (spec f.1, b.3).</summary>
public sealed class KeyPasswordTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("POST", "/tyk/keys/ann", "org1ann")]
    public async Task User_IsAnsweredByHashOnly(string method, string path, string token)
    {
        var answer = (await Gateway.ManageAsync(method, path, User("secret word"))).ShouldBeJson(200);

        Assert.Equal($"{{\"key\":\"\",\"status\":\"ok\",\"action\":\"added\",\"key_hash\":\"{Hashes.Of(token)}\"}}\n", answer.Body);
    }

    [Fact]
    public async Task Password_IsNeverShown()
    {
        await Gateway.ManageAsync("POST", "/tyk/keys/bob", User("secret word"));

        foreach (var path in new[] { "/tyk/keys/bob?org_id=org1", "/tyk/keys/bob?username=true&org_id=org1", $"/tyk/keys/{Hashes.Of("org1bob")}?hashed=true" })
        {
            var shown = (await Gateway.ManageAsync("GET", path)).ShouldBeJson(200);
            Assert.Equal("", shown.Json.GetProperty("basic_auth_data").GetProperty("password").GetString());
            Assert.DoesNotContain("secret word", shown.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("$", shown.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Password_IsStoredHashed()
    {
        await Gateway.ManageAsync("POST", "/tyk/keys/carl", User("a secret word to look for"));

        Assert.All((await TestStore.RawAsync(Gateway.Folder)).Values, static text => Assert.DoesNotContain("a secret word to look for", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Update_KeepsThePassword_WhenNoneIsSent()
    {
        await Gateway.ManageAsync("POST", "/tyk/keys/dora", User("old"));
        var client = await Gateway.CreateClientAsync("orders");

        (await Gateway.ManageAsync("PUT", "/tyk/keys/dora?org_id=org1", Definitions.Session(["orders"], """{"alias":"Dora"}"""))).ShouldBeModified("dora", "modified");
        (await LoginAsync(client, "dora", "old")).ShouldBe(200);
        (await Gateway.ManageAsync("PUT", "/tyk/keys/dora?org_id=org1", Definitions.Session(["orders"], """{"basic_auth_data":{"password":""}}"""))).ShouldBe(200);
        (await LoginAsync(client, "dora", "old")).ShouldBe(200);

        (await Gateway.ManageAsync("PUT", "/tyk/keys/dora?org_id=org1", User("new"))).ShouldBe(200);
        (await LoginAsync(client, "dora", "old")).ShouldBeOAuthError(400, "access_denied");
        (await LoginAsync(client, "dora", "new")).ShouldBe(200);
    }

    [Fact]
    public async Task UserName_IsNoCredential()
    {
        await Gateway.ManageAsync("POST", "/tyk/keys/erik", User("word", "stock"));

        foreach (var presented in new[] { "erik", "org1erik" })
        {
            (await Gateway.CallAsync("/stock/x", presented)).ShouldBeRefused(401, "credential_unknown");
            (await Gateway.CallAsync("/attic/x", presented)).ShouldBeTykRefusal(403, "Access to this API has been disallowed");
        }
    }

    [Fact]
    public async Task HashAsPassword_OpensNothing()
    {
        await Gateway.ManageAsync("POST", "/tyk/keys/fay", User("pbkdf2-sha256$1$AAAA$AAAA"));
        var client = await Gateway.CreateClientAsync("orders");

        (await LoginAsync(client, "fay", "pbkdf2-sha256$1$AAAA$AAAA")).ShouldBe(200);
        (await LoginAsync(client, "fay", "other")).ShouldBeOAuthError(400, "access_denied");
    }

    private static System.Text.Json.Nodes.JsonObject User(string password, string api = "orders") =>
        Definitions.Session([api], $"{{\"basic_auth_data\":{{\"password\":\"{password}\"}}}}");

    private Task<Answer> LoginAsync(OAuthClient client, string name, string password) =>
        Gateway.TokenAsync("orders", client, ("grant_type", "password"), ("username", name), ("password", password));
}
