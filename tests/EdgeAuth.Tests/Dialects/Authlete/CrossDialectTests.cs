using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>One store of tokens under two dialects: what one makes, changes or ends, the other sees (spec/authlete.md 4).</summary>
public sealed class CrossDialectTests : IAsyncLifetime
{
    private const string Secret = "chosen-secret";

    private TestGateway _gateway = null!;
    private AuthleteService _orders = null!;
    private OAuthClient _client = null!;
    private long _number;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Policy("plan", Definitions.Policy(["orders"]));
            setup.Policy("other", Definitions.Policy(["orders"]));
        });
        _orders = new AuthleteService(_gateway, "orders", TestGateway.Secret);
        _client = await _gateway.CreateClientAsync("orders", policy: "plan", more: new JsonObject { ["client_id"] = "shop", ["secret"] = Secret });
        _number = await _orders.NumberAsync("shop");
    }

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task TykListsWhatWasMadeHere_AndTheOtherWayRound()
    {
        var made = await _orders.CreateAsync(_number);
        _gateway.Time.Advance(TimeSpan.FromSeconds(1));
        var issued = await _gateway.IssueAsync("orders", _client, Definitions.Session(["orders"], """{"rate":7,"per":60}"""));
        _gateway.Time.Advance(TimeSpan.FromSeconds(1));
        var own = (await _gateway.TokenAsync("orders", _client, ("grant_type", "client_credentials"), ("scope", "a b"))).ShouldBe(200);

        var listed = (await _gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/shop/tokens")).ShouldBe(200).Json.EnumerateArray().Select(static token => Text(token, "code")).ToHashSet();
        Assert.Equal(new[] { Text(made, "accessToken"), issued.Text("access_token"), own.Text("access_token") }.Select(static token => KeyHash.Of(token).ToHex()).ToHashSet(), listed);

        var rows = AuthleteModel.List.Read(await _orders.ListAsync("end=10")).GetProperty("accessTokens").EnumerateArray().ToList();
        Assert.Equal(["PASSWORD", "AUTHORIZATION_CODE", "CLIENT_CREDENTIALS"], rows.Select(static row => Text(row, "grantType")));
        Assert.False(rows[0].TryGetProperty("properties", out _));
        Assert.Equal(Hash(issued.Text("access_token")), Text(rows[1], "accessTokenHash"));
        Assert.Equal(Hash(issued.Text("refresh_token")), Text(rows[1], "refreshTokenHash"));
        var rules = Assert.Single(rows[1].GetProperty("properties").EnumerateArray());
        Assert.Equal(("key_rules", true), (Text(rules, "key"), rules.GetProperty("hidden").GetBoolean()));
        Assert.Equal(7, JsonElement.Parse(Text(rules, "value")).GetProperty("rate").GetDouble());
        Assert.Equal(["a", "b"], rows[2].GetProperty("scopes").EnumerateArray().Select(static scope => scope.GetString()));
    }

    [Theory]
    [InlineData("key", false)]
    [InlineData("revoke", false)]
    [InlineData("revoke", true)]
    [InlineData("own", true)]
    public async Task EndOfTheAccessTokenInTyk_LeavesARecordOnlyWhileItCanBeRefreshed(string how, bool refreshable)
    {
        var created = await _orders.CreateAsync(_number, grantType: refreshable ? "PASSWORD" : "CLIENT_CREDENTIALS");
        var token = Text(created, "accessToken");
        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);

        (how switch
        {
            "key" => await _gateway.ManageAsync("DELETE", "/tyk/keys/" + token),
            "own" => await _gateway.SendAsync(new(HttpMethod.Post, "/orders/oauth/revoke") { Content = TestGateway.Form(("token", token)) }),
            _ => await _gateway.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", token), ("client_id", "shop"), ("token_type_hint", "access_token"))),
        }).ShouldBe(200);

        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_unknown");
        Assert.Equal(refreshable ? 1 : 0, await _orders.CountAsync(_number));
        Assert.Equal(0, await _orders.CountAsync(_number, "&tokenStatus=VALID"));
        AuthleteModel.ShouldSay(await _orders.PostAsync("update", new JsonObject { ["accessToken"] = token, ["accessTokenPersistent"] = true }), "NOT_FOUND", "A134202");
        if (refreshable)
        {
            var row = await _orders.RowAsync(_number, Hash(token));
            Assert.InRange(row.GetProperty("accessTokenExpiresAt").GetInt64(), 1, _gateway.Time.GetUtcNow().ToUnixTimeMilliseconds() + 500);
            (await _gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{Text(created, "refreshToken")}?api_id=orders")).ShouldBe(200);
            Assert.Equal(0, await _orders.CountAsync(_number));
        }
    }

    [Theory]
    [InlineData("revoke_all")]
    [InlineData("delete")]
    [InlineData("policy")]
    public async Task EndOfAllTokensOfAClientInTyk_EmptiesEveryList(string how)
    {
        List<string> tokens = [];
        for (var i = 0; i < 7; i++)
        {
            tokens.Add(Text(await _orders.CreateAsync(_number, "ana", i % 2 == 0 ? "PASSWORD" : "IMPLICIT"), "accessToken"));
        }

        var (_, other) = await _orders.ClientAsync("orders", "other");
        await _orders.CreateAsync(other);

        (how switch
        {
            "revoke_all" => await _gateway.ManageAsync("POST", "/tyk/oauth/revoke_all", TestGateway.Form(("client_id", "shop"), ("client_secret", Secret))),
            "delete" => await _gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/shop"),
            _ => await _gateway.ManageAsync("PUT", "/tyk/oauth/clients/orders/shop", new JsonObject { ["redirect_uri"] = "http://app.example/cb", ["policy_id"] = "other" }),
        }).ShouldBe(200);

        foreach (var token in tokens)
        {
            (await _gateway.CallAsync("/orders/x", token)).ShouldBe(401);
        }

        // A changed policy ends access tokens; refresh tokens keep their records.
        var left = how is "policy" ? 4 : 0;
        Assert.Equal(left + 1, Total(await _orders.ListAsync("end=0")));
        Assert.Equal(left + 1, Total(await _orders.ListAsync("subject=ana&end=0")));
        Assert.Equal(1, Total(await _orders.ListAsync("end=0&tokenStatus=VALID")));
        var revoked = AuthleteModel.Revoked.ReadOk(await _orders.PostAsync("revoke", """{"subject":"ana"}"""), "A312001");
        Assert.Equal(left + 1, revoked.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task WhatIsRevokedHere_IsGoneInTyk()
    {
        var issued = await _gateway.IssueAsync("orders", _client, Definitions.Session(["orders"]));
        (await _gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);

        var revoked = AuthleteModel.Revoked.ReadOk(await _orders.PostAsync("revoke", new JsonObject { ["refreshTokenIdentifier"] = issued.Text("refresh_token") }), "A312001");

        Assert.Equal(1, revoked.GetProperty("count").GetInt32());
        (await _gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.TokenAsync("orders", _client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")))).ShouldBe(400);
        (await _gateway.ManageAsync("GET", "/tyk/keys/" + issued.Text("access_token"))).ShouldBe(404);
        Assert.Empty((await _gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/shop/tokens")).ShouldBe(200).Json.EnumerateArray());
    }

    [Fact]
    public async Task SessionOfAnotherDialect_IsLeftAlone_ButByRulesOfItsOwn()
    {
        var rules = Definitions.Session(["orders"], """{"rate":3,"per":3600,"alias":"kept","hmac_string":"do-not-show","meta_data":{"a":1}}""");
        var issued = (await _gateway.IssueAsync("orders", _client, rules)).Text("access_token");
        var before = (await _gateway.ManageAsync("GET", "/tyk/keys/" + issued)).ShouldBe(200).Body;

        // As a program that reads, changes something else and writes all of it back.
        var shown = (await _orders.RowAsync(_number, Hash(issued))).GetProperty("properties");
        Assert.DoesNotContain("do-not-show", shown.GetRawText(), StringComparison.Ordinal);
        var back = JsonNode.Parse(shown.GetRawText())!.AsArray();
        back.Add(new JsonObject { ["key"] = "plan", ["value"] = "gold" });
        await UpdateAsync(new JsonObject { ["accessToken"] = issued, ["scopes"] = new JsonArray("x"), ["properties"] = back });
        await UpdateAsync(new JsonObject { ["accessTokenHash"] = Hash(issued), ["forExternalAttachment"] = true });

        Assert.Equal(before, (await _gateway.ManageAsync("GET", "/tyk/keys/" + issued)).ShouldBe(200).Body);
        Assert.Equal(["plan", "key_rules"], (await _orders.RowAsync(_number, Hash(issued))).GetProperty("properties").EnumerateArray().Select(static property => Text(property, "key")));

        await UpdateAsync(new JsonObject { ["accessToken"] = issued, ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = """{"rate":9,"per":60}""" }) });
        Assert.Equal(9, (await _gateway.ManageAsync("GET", "/tyk/keys/" + issued)).ShouldBe(200).Json.GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task RulesThatTykWrote_AreThoseThatAreShown()
    {
        var token = Text(await _orders.CreateAsync(_number, more: new JsonObject { ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = """{"rate":9,"per":60}""" }) }), "accessToken");
        Assert.Equal("""{"rate":9,"per":60}""", Text(Assert.Single((await _orders.RowAsync(_number, Hash(token))).GetProperty("properties").EnumerateArray()), "value"));

        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + token, Definitions.Session(["orders"], """{"rate":4,"per":60}"""))).ShouldBe(200);

        var shown = Assert.Single((await _orders.RowAsync(_number, Hash(token))).GetProperty("properties").EnumerateArray());
        Assert.Equal(4, JsonElement.Parse(Text(shown, "value")).GetProperty("rate").GetDouble());
        Assert.True(shown.GetProperty("hidden").GetBoolean());
    }

    [Fact]
    public async Task ExpiryThatTykWrote_IsTheOneThatIsShown_AndKept()
    {
        var token = Text(await _orders.CreateAsync(_number), "accessToken");
        var ends = _gateway.Time.GetUtcNow().ToUnixTimeSeconds() + (3 * 86400);

        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + token, Definitions.Session(["orders"]).With("expires", ends))).ShouldBe(200);
        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["scopes"] = new JsonArray("x") });

        Assert.Equal(ends * 1000, (await _orders.RowAsync(_number, Hash(token))).GetProperty("accessTokenExpiresAt").GetInt64());
        _gateway.Time.Leap(TimeSpan.FromDays(2));
        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        Assert.Equal(1, await _orders.CountAsync(_number, "&tokenStatus=VALID"));
    }

    [Fact]
    public async Task EarlierTokenOfAUser_LeavesTheListWhenTykEndsIt()
    {
        (await _gateway.ManageAsync("POST", "/tyk/keys/ana", Definitions.Session(["orders"], """{"basic_auth_data":{"password":"pass"}}"""))).ShouldBe(200);
        var first = await PasswordAsync();
        var second = await PasswordAsync();

        Assert.Equal(1, await _orders.CountAsync(_number, "&tokenStatus=VALID"));
        Assert.Equal(2, await _orders.CountAsync(_number, "&subject=ana"));
        Assert.Equal(Hash(second), Text(Assert.Single(AuthleteModel.List.Read(await _orders.ListAsync("subject=ana&tokenStatus=VALID")).GetProperty("accessTokens").EnumerateArray()), "accessTokenHash"));
        (await _gateway.CallAsync("/orders/x", first)).ShouldBe(401);

        // A token that was made here for the same user is none of those.
        var made = Text(await _orders.CreateAsync(_number), "accessToken");
        await PasswordAsync();
        (await _gateway.CallAsync("/orders/x", made)).ShouldBe(200);

        async Task<string> PasswordAsync() =>
            (await _gateway.TokenAsync("orders", _client, ("grant_type", "password"), ("username", "ana"), ("password", "pass"))).ShouldBe(200).Text("access_token");
    }

    [Fact]
    public async Task RenewedTokenOfAUser_IsStillTheOneThatTheUserHas()
    {
        (await _gateway.ManageAsync("POST", "/tyk/keys/ana", Definitions.Session(["orders"], """{"quota_max":4,"quota_renewal_rate":3600,"basic_auth_data":{"password":"pass"}}"""))).ShouldBe(200);
        var first = (await _gateway.TokenAsync("orders", _client, ("grant_type", "password"), ("username", "ana"), ("password", "pass"))).ShouldBe(200).Text("access_token");
        (await _gateway.CallAsync("/orders/x", first)).ShouldBe(200);
        var renewed = Text(await UpdateAsync(new JsonObject { ["accessToken"] = first, ["accessTokenValueUpdated"] = true }), "accessToken");
        var again = Text(await UpdateAsync(new JsonObject { ["accessToken"] = renewed, ["accessTokenValueUpdated"] = true }), "accessToken");
        (await _gateway.CallAsync("/orders/x", again)).ShouldBe(200);

        var next = (await _gateway.TokenAsync("orders", _client, ("grant_type", "password"), ("username", "ana"), ("password", "pass"))).ShouldBe(200).Text("access_token");

        (await _gateway.CallAsync("/orders/x", again)).ShouldBe(401);
        (await _gateway.CallAsync("/orders/x", next)).ShouldBe(200);
        Assert.Equal(1, await _orders.CountAsync(_number, "&tokenStatus=VALID"));
    }

    [Fact]
    public async Task SessionThatTykProlonged_IsNotShortenedByAnUpdateOfSomethingElse()
    {
        var soon = _gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 100;
        var rules = Definitions.Session(["orders"], $$"""{"expires":{{soon}}}""").ToJsonString();
        var token = Text(await _orders.CreateAsync(_number, more: new JsonObject { ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = rules }) }), "accessToken");
        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + token, Definitions.Session(["orders"]).With("expires", soon + 1000))).ShouldBe(200);

        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["scopes"] = new JsonArray("x") });
        _gateway.Time.Advance(TimeSpan.FromSeconds(500));

        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task ExpiryBeyondAllDates_IsShownAsALateOne_AndStays()
    {
        var token = Text(await _orders.CreateAsync(_number), "accessToken");
        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + token, Definitions.Session(["orders"]).With("expires", long.MaxValue))).ShouldBe(200);
        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["scopes"] = new JsonArray("x") });
        Assert.Equal(long.MaxValue, (await _gateway.ManageAsync("GET", "/tyk/keys/" + token)).ShouldBe(200).Json.GetProperty("expires").GetInt64());

        var rules = Definitions.Session(["orders"]).With("expires", long.MaxValue).ToJsonString();
        var late = Text(await _orders.CreateAsync(_number, more: new JsonObject { ["accessTokenPersistent"] = true, ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = rules }) }), "accessToken");

        foreach (var made in new[] { token, late })
        {
            Assert.InRange((await _orders.RowAsync(_number, Hash(made))).GetProperty("accessTokenExpiresAt").GetInt64(), _gateway.Time.GetUtcNow().ToUnixTimeMilliseconds(), (1L << 53) - 1);
            (await _gateway.CallAsync("/orders/x", made)).ShouldBe(200);
        }
    }

    private static string Hash(string token) => KeyHash.Of(token).ToBase64Url();

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;

    private static int Total(Answer answer) => AuthleteModel.List.Read(answer).GetProperty("totalCount").GetInt32();

    private async Task<JsonElement> UpdateAsync(JsonObject body) => AuthleteModel.Updated.ReadOk(await _orders.PostAsync("update", body), "A135001");
}
