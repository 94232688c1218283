using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>A record through its life: refreshed, expired, swept; and what is left of one that was ended (spec/authlete.md 3.6, 3.10, 8).</summary>
public sealed class RecordLifeTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private AuthleteService _orders = null!;
    private OAuthClient _client = null!;
    private long _number;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, AuthleteGateway.Enable);
        _orders = new AuthleteService(_gateway, "orders", TestGateway.Secret);
        (_client, _number) = await _orders.ClientAsync("orders", "shop");
    }

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task Refresh_KeepsTheRecord_WithItsScopesAndProperties()
    {
        var properties = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = """{"rate":2,"per":60}""" }, new JsonObject { ["key"] = "plan", ["value"] = "gold", ["hidden"] = true });
        var created = await _orders.CreateAsync(_number, more: new JsonObject { ["scopes"] = new JsonArray("a"), ["properties"] = properties });
        AuthleteModel.Updated.ReadOk(await _orders.PostAsync("update", new JsonObject { ["accessToken"] = Text(created, "accessToken"), ["scopes"] = new JsonArray("b", "c") }), "A135001");
        var before = Row(await _orders.ListAsync());
        _gateway.Time.Advance(TimeSpan.FromMinutes(5));

        var refreshed = await RefreshAsync(Text(created, "refreshToken"));

        Assert.Equal("b c", refreshed.Text("scope"));
        var after = Row(await _orders.ListAsync());
        Assert.Equal(KeyHash.Of(refreshed.Text("access_token")).ToBase64Url(), Text(after, "accessTokenHash"));
        Assert.Equal(KeyHash.Of(refreshed.Text("refresh_token")).ToBase64Url(), Text(after, "refreshTokenHash"));
        foreach (var member in new[] { "createdAt", "grantType", "subject", "clientId", "scopes", "properties" })
        {
            Assert.Equal(before.GetProperty(member).GetRawText(), after.GetProperty(member).GetRawText());
        }

        Assert.Equal(0, before.GetProperty("lastRefreshedAt").GetInt64());
        Assert.InRange(after.GetProperty("lastRefreshedAt").GetInt64() - before.GetProperty("createdAt").GetInt64(), 299_000, 301_000);
        (await _gateway.CallAsync("/orders/x", Text(created, "accessToken"))).ShouldBe(401);
        (await _gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBe(200);
        (await _gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBe(200);
        (await _gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBe(429);
    }

    [Fact]
    public async Task RecordWithALivingRefreshToken_IsListedAndEndedByItsHash_LongAfterItsAccessTokenExpired()
    {
        var created = await _orders.CreateAsync(_number, more: new JsonObject { ["accessTokenDuration"] = 60, ["refreshTokenDuration"] = 3 * 86400 });
        var hash = KeyHash.Of(Text(created, "accessToken")).ToBase64Url();
        _gateway.Time.Leap(TimeSpan.FromDays(2));

        Assert.Equal(1, await _orders.CountAsync(_number));
        Assert.Equal(0, await _orders.CountAsync(_number, "&tokenStatus=VALID"));
        Assert.Equal(1, await _orders.CountAsync(_number, "&tokenStatus=INVALID"));
        await _orders.RowAsync(_number, hash);
        var revoked = AuthleteModel.Revoked.ReadOk(await _orders.PostAsync("revoke", new JsonObject { ["accessTokenIdentifier"] = hash }), "A312001");

        Assert.Equal(1, revoked.GetProperty("count").GetInt32());
        (await _gateway.TokenAsync("orders", _client, ("grant_type", "refresh_token"), ("refresh_token", Text(created, "refreshToken")))).ShouldBe(400);
        Assert.Equal(0, await _orders.CountAsync(_number));
    }

    [Fact]
    public async Task ExpiredRecord_IsListedForADay_ThenSwept()
    {
        await _orders.CreateAsync(_number, grantType: "CLIENT_CREDENTIALS", more: new JsonObject { ["accessTokenDuration"] = 60 });
        var persistent = await _orders.CreateAsync(_number, grantType: "CLIENT_CREDENTIALS", more: new JsonObject { ["accessTokenPersistent"] = true });
        Assert.Equal((0, 0), (persistent.GetProperty("expiresIn").GetInt64(), persistent.GetProperty("expiresAt").GetInt64()));

        _gateway.Time.Leap(TimeSpan.FromHours(23));
        Assert.Equal(2, await _orders.CountAsync(_number));
        Assert.Equal(1, await _orders.CountAsync(_number, "&tokenStatus=VALID"));
        _gateway.Time.Leap(TimeSpan.FromHours(3));

        Assert.Equal(1, await _orders.CountAsync(_number));
        _gateway.Time.Leap(TimeSpan.FromDays(3));
        (await _gateway.CallAsync("/orders/x", Text(persistent, "accessToken"))).ShouldBe(200);
        Assert.Equal(1, await _orders.CountAsync(_number));
    }

    [Fact]
    public async Task ExpiredToken_IsMadeValidAgain_AsLongAsItIsListed()
    {
        var created = await _orders.CreateAsync(_number, more: new JsonObject { ["accessTokenDuration"] = 60, ["refreshTokenDuration"] = 2 * 86400 });
        var token = Text(created, "accessToken");
        _gateway.Time.Leap(TimeSpan.FromHours(60));
        await _orders.RowAsync(_number, KeyHash.Of(token).ToBase64Url());

        AuthleteModel.Updated.ReadOk(await _orders.PostAsync("update", new JsonObject { ["accessToken"] = token, ["accessTokenExpiresAt"] = _gateway.Time.GetUtcNow().ToUnixTimeMilliseconds() + 60_000 }), "A135001");

        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task RefreshTokenThatWasEnded_DoesNotComeBack()
    {
        var created = await _orders.CreateAsync(_number);
        var token = Text(created, "accessToken");
        var now = _gateway.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var ended = AuthleteModel.Updated.ReadOk(await _orders.PostAsync("update", new JsonObject { ["accessToken"] = token, ["refreshTokenExpiresAt"] = now - 5000 }), "A135001");
        Assert.Equal(0, ended.GetProperty("refreshTokenExpiresAt").GetInt64());

        var again = AuthleteModel.Updated.ReadOk(await _orders.PostAsync("update", new JsonObject { ["accessToken"] = token, ["refreshTokenExpiresAt"] = now + 500_000 }), "A135001");

        Assert.Equal(0, again.GetProperty("refreshTokenExpiresAt").GetInt64());
        Assert.False((await _orders.RowAsync(_number, KeyHash.Of(token).ToBase64Url())).TryGetProperty("refreshTokenHash", out _));
        (await _gateway.TokenAsync("orders", _client, ("grant_type", "refresh_token"), ("refresh_token", Text(created, "refreshToken")))).ShouldBe(400);
        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("delete")]
    public async Task ValueOfAnEndedToken_StaysTakenUntilItIsSwept(string how)
    {
        JsonObject Chosen() => new() { ["accessToken"] = "migrated/a=+", ["refreshToken"] = "migrated/r", ["accessTokenDuration"] = 60, ["refreshTokenDuration"] = 120 };
        await _orders.CreateAsync(_number, more: Chosen());
        await RefuseAsync(Chosen(), "A144201");
        await (how is "revoke" ? _orders.PostAsync("revoke", """{"accessTokenIdentifier":"migrated\/a=+"}""") : _orders.DeleteAsync("migrated/a=+"));

        (await _gateway.CallAsync("/orders/x", "migrated/a=+")).ShouldBeRefused(401, "credential_unknown");
        await RefuseAsync(Chosen(), "A144201");
        await RefuseAsync(new JsonObject { ["accessToken"] = "another", ["refreshToken"] = "migrated/r" }, "A144202");
        await RefuseAsync(new JsonObject { ["accessToken"] = "migrated/r" }, "A144201");
        Assert.Equal(0, await _orders.CountAsync(_number));
        _gateway.Time.Leap(TimeSpan.FromDays(2));

        await _orders.CreateAsync(_number, more: Chosen());
        (await _gateway.CallAsync("/orders/x", "migrated/a=+")).ShouldBe(200);
    }

    [Fact]
    public async Task ValueInUseAnywhere_IsRefused()
    {
        var (_, foreign) = await _orders.ClientAsync("orders", "other");
        var issued = await _gateway.IssueAsync("orders", _client, Definitions.Session(["orders"]));
        var key = await _gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        var made = await _orders.CreateAsync(foreign);
        foreach (var value in new[] { issued.Text("access_token"), issued.Text("refresh_token"), key, Text(made, "accessToken"), KeyHash.Of(Text(made, "accessToken")).ToBase64Url(), KeyHash.Of(Text(made, "refreshToken")).ToBase64Url() })
        {
            await RefuseAsync(new JsonObject { ["accessToken"] = value }, "A144201");
            await RefuseAsync(new JsonObject { ["refreshToken"] = value }, "A144202");
        }

        await RefuseAsync(new JsonObject { ["accessToken"] = "same", ["refreshToken"] = "same" }, "A144202");
        (await _gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Fact]
    public async Task OfTwentyCallsForOneValue_OneIsServed()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryCreateAsync(new JsonObject { ["accessToken"] = "wanted" })));

        Assert.Single(answers, static answer => answer.Text("action") is "OK");
        Assert.Equal(19, answers.Count(static answer => answer.Text("resultCode") is "A144201"));
        Assert.Equal(1, await _orders.CountAsync(_number));
    }

    [Fact]
    public async Task RevocationOfMany_EndsEachOfThem_AndCountsThemOnce()
    {
        var (_, other) = await _orders.ClientAsync("orders", "other");
        List<string> tokens = [];
        for (var i = 0; i < 230; i++)
        {
            tokens.Add(Text(await _orders.CreateAsync(_number, i % 2 == 0 ? "ana" : "bob"), "accessToken"));
        }

        var kept = Text(await _orders.CreateAsync(other, "bob"), "accessToken");
        (await _gateway.CallAsync("/orders/x", tokens[5])).ShouldBe(200);

        Assert.Equal(115, await RevokeAsync(new JsonObject { ["clientIdentifier"] = "shop", ["subject"] = "ana" }));
        Assert.Equal(115, await _orders.CountAsync(_number));
        Assert.Equal(115, await RevokeAsync(new JsonObject { ["clientIdentifier"] = "shop", ["subject"] = "" }));
        Assert.Equal(0, await RevokeAsync(new JsonObject { ["clientIdentifier"] = "shop" }));

        Assert.Equal(0, await _orders.CountAsync(_number));
        foreach (var token in tokens.Where(static (_, index) => index % 23 == 5))
        {
            (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_unknown");
        }

        (await _gateway.CallAsync("/orders/x", kept)).ShouldBe(200);
        Assert.Equal(1, await RevokeAsync(new JsonObject { ["subject"] = "bob" }));
    }

    [Fact]
    public async Task UpdatesThatRaceARevocation_BringNothingBack()
    {
        for (var round = 0; round < 10; round++)
        {
            var token = Text(await _orders.CreateAsync(_number), "accessToken");
            var updating = Enumerable.Range(0, 6).Select(i => _orders.PostAsync("update", new JsonObject { ["accessToken"] = token, ["scopes"] = new JsonArray("s" + i), ["accessTokenExpiresAt"] = _gateway.Time.GetUtcNow().ToUnixTimeMilliseconds() + 90_000_000 + i }));
            var revoking = RevokeAsync(new JsonObject { ["accessTokenIdentifier"] = token });
            await Task.WhenAll([.. updating, revoking]);

            Assert.Equal(1, await revoking);
            (await _gateway.CallAsync("/orders/x", token)).ShouldBe(401);
            Assert.Equal(0, await _orders.CountAsync(_number));
        }
    }

    [Fact]
    public async Task Pages_AreStable_AndDisjoint()
    {
        for (var i = 0; i < 25; i++)
        {
            await _orders.CreateAsync(_number, "user" + (i % 3));
        }

        List<string> seen = [];
        for (var start = 0; start < 30; start += 7)
        {
            var page = AuthleteModel.List.Read(await _orders.ListAsync($"start={start}&end={start + 7}"));
            Assert.Equal(25, page.GetProperty("totalCount").GetInt32());
            if (page.TryGetProperty("accessTokens", out var rows))
            {
                seen.AddRange(rows.EnumerateArray().Select(static row => Text(row, "accessTokenHash")));
            }
        }

        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(seen, AuthleteModel.List.Read(await _orders.ListAsync("start=0&end=1000")).GetProperty("accessTokens").EnumerateArray().Select(static row => Text(row, "accessTokenHash")));
    }

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;

    private static JsonElement Row(Answer answer) => Assert.Single(AuthleteModel.List.Read(answer).GetProperty("accessTokens").EnumerateArray());

    private async Task RefuseAsync(JsonObject more, string code) => AuthleteModel.ShouldSay(await TryCreateAsync(more), "BAD_REQUEST", code);

    private Task<Answer> TryCreateAsync(JsonObject more)
    {
        (more["grantType"], more["clientId"], more["subject"]) = ("PASSWORD", _number, "ana");
        return _orders.PostAsync("create", more);
    }

    private async Task<int> RevokeAsync(JsonObject body) => AuthleteModel.Revoked.ReadOk(await _orders.PostAsync("revoke", body), "A312001").GetProperty("count").GetInt32();

    private async Task<Answer> RefreshAsync(string refreshToken) =>
        (await _gateway.TokenAsync("orders", _client, ("grant_type", "refresh_token"), ("refresh_token", refreshToken))).ShouldBe(200);
}
