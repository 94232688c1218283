using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>What tokens that were made outside any flow may do at the proxy (spec/authlete.md 3, 4).</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private AuthleteService _orders = null!;
    private long _client;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Policy("three", Definitions.Policy(["orders"], """{"rate":3,"per":60}"""));
            setup.Policy("two", Definitions.Policy(["orders"], """{"rate":2,"per":60}"""));
            setup.Policy("elsewhere", Definitions.Policy(["billing"], """{"org_id":"org9"}"""));
        });
        _orders = new AuthleteService(_gateway, "orders", TestGateway.Secret);
        (_, _client) = await _orders.ClientAsync("orders", "shop");
    }

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task TokenWithoutRules_ReachesItsApiOnly_WithoutLimits()
    {
        await _gateway.CreateClientAsync("billing", more: new JsonObject { ["client_id"] = "shop" });
        var token = Text(await _orders.CreateAsync(_client), "accessToken");

        var answer = (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);

        Assert.Null(answer.Header("RateLimit"));
        (await _gateway.CallAsync("/billing/x", token)).ShouldBeRefused(403, "api_forbidden");
        (await _gateway.CallAsync("/orders/x", (await _orders.RowAsync(_client, await HashAsync())).GetProperty("accessTokenHash").GetString())).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task KeyRules_AreEnforced_AndTheirReplacementActsOnTheRunningCounters()
    {
        var created = await _orders.CreateAsync(_client, more: Rules("""{"quota_max":10,"quota_renewal_rate":3600}"""));
        var token = Text(created, "accessToken");
        await UseAsync(token, 4);

        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["properties"] = Rules("""{"quota_max":5,"quota_renewal_rate":3600}""")["properties"]!.DeepClone() });

        await UseAsync(token, 1);
        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(429, "quota_exceeded");
    }

    [Fact]
    public async Task NewValue_GoesOnWithTheCountersOfTheOld_WhichIsRefusedAtOnce()
    {
        var old = Text(await _orders.CreateAsync(_client, more: Rules("""{"quota_max":10,"quota_renewal_rate":3600,"rate":100,"per":3600}""")), "accessToken");
        await UseAsync(old, 3);

        var renewed = Text(await UpdateAsync(new JsonObject { ["accessToken"] = old, ["accessTokenValueUpdated"] = true }), "accessToken");
        await UseAsync(renewed, 3);
        var again = Text(await UpdateAsync(new JsonObject { ["accessToken"] = renewed, ["accessTokenValueUpdated"] = true, ["accessTokenPersistent"] = true }), "accessToken");

        (await _gateway.CallAsync("/orders/x", old)).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.CallAsync("/orders/x", renewed)).ShouldBeRefused(401, "credential_unknown");
        await UseAsync(again, 4);
        (await _gateway.CallAsync("/orders/x", again)).ShouldBeRefused(429, "quota_exceeded");
        AuthleteModel.ShouldSay(await _orders.PostAsync("update", new JsonObject { ["accessToken"] = old }), "NOT_FOUND", "A134202");
        Assert.Equal(1, await _orders.CountAsync(_client));
    }

    [Fact]
    public async Task CountersOfARenewedToken_LastAsLongAsItDoes()
    {
        var old = Text(await _orders.CreateAsync(_client, "ana", "CLIENT_CREDENTIALS", Rules("""{"quota_max":3,"quota_renewal_rate":-1}""")), "accessToken");
        await UseAsync(old, 2);
        var token = Text(await UpdateAsync(new JsonObject { ["accessToken"] = old, ["accessTokenValueUpdated"] = true }), "accessToken");
        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["accessTokenPersistent"] = true });

        _gateway.Time.Leap(TimeSpan.FromDays(3));
        await using var restarted = await _gateway.RestartAsync();

        (await restarted.CallAsync("/orders/x", token)).ShouldBe(200);
        (await restarted.CallAsync("/orders/x", token)).ShouldBeRefused(429, "quota_exceeded");
    }

    [Fact]
    public async Task Properties_WithoutRules_TakeTheRulesAway()
    {
        var token = Text(await _orders.CreateAsync(_client, more: Rules("""{"rate":1,"per":3600}""")), "accessToken");
        await UseAsync(token, 1);
        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(429, "rate_exceeded");

        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["properties"] = new JsonArray() });

        await UseAsync(token, 5);
        (await _gateway.CallAsync("/billing/x", token)).ShouldBeRefused(401, "client_deleted");
    }

    [Fact]
    public async Task ApplyPolicies_AreInForce_AndMustExist()
    {
        var token = Text(await _orders.CreateAsync(_client, more: Property("apply_policies", " three , two")), "accessToken");
        await UseAsync(token, 3);
        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(429, "rate_exceeded");

        foreach (var policies in new[] { "nothing", "three,nothing", "elsewhere" })
        {
            AuthleteModel.ShouldSay(await CreateAsync(Property("apply_policies", policies)), "BAD_REQUEST", "A109201");
        }

        Assert.Equal(1, await _orders.CountAsync(_client));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"rate":"many"}""")]
    [InlineData("""{"rate":5,"per":0,"access_rights":{"orders":{"versions":["Default"]}}}""")]
    [InlineData("""{"apply_policies":["nothing"]}""")]
    public async Task BadRules_AreRefused_AndNothingIsWritten(string rules)
    {
        AuthleteModel.ShouldSay(await CreateAsync(Property("key_rules", rules)), "BAD_REQUEST", "A109201");
        var token = Text(await _orders.CreateAsync(_client, more: Rules("""{"rate":1,"per":3600}""")), "accessToken");

        AuthleteModel.ShouldSay(await _orders.PostAsync("update", new JsonObject { ["accessToken"] = token, ["scopes"] = new JsonArray("a"), ["properties"] = Property("key_rules", rules)["properties"]!.DeepClone() }), "BAD_REQUEST", "A135201");

        var row = await _orders.RowAsync(_client, HashOf(token));
        Assert.False(row.TryGetProperty("scopes", out _));
        await UseAsync(token, 1);
        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(429, "rate_exceeded");
    }

    [Fact]
    public async Task RulesThatNameNoApi_ReachThisOne()
    {
        await _gateway.CreateClientAsync("billing", more: new JsonObject { ["client_id"] = "shop" });
        var token = Text(await _orders.CreateAsync(_client, more: Property("key_rules", """{"rate":2,"per":60}""")), "accessToken");

        await UseAsync(token, 2);

        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(429, "rate_exceeded");
        (await _gateway.CallAsync("/billing/x", token)).ShouldBeRefused(403, "api_forbidden");
    }

    [Fact]
    public async Task PolicyOfTheClient_IsTheRule_WhereThereIsNoOther()
    {
        var client = await _gateway.CreateClientAsync("orders", policy: "three");
        var number = await _orders.NumberAsync(client.Id);
        var token = Text(await _orders.CreateAsync(number), "accessToken");

        await UseAsync(token, 3);

        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(429, "rate_exceeded");
    }

    [Fact]
    public async Task Token_EndsWithItsRules_WhereTheyEndFirst()
    {
        var ends = _gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 100;
        var created = await _orders.CreateAsync(_client, more: Rules($$"""{"expires":{{ends}}}"""));
        Assert.Equal(ends * 1000, created.GetProperty("expiresAt").GetInt64());

        _gateway.Time.Advance(TimeSpan.FromSeconds(102));

        (await _gateway.CallAsync("/orders/x", Text(created, "accessToken"))).ShouldBeRefused(401, "credential_expired");
        var refreshed = await RefreshAsync(Text(created, "refreshToken"));
        (await _gateway.CallAsync("/orders/x", refreshed.Text("access_token"))).ShouldBeRefused(401, "credential_expired");
    }

    [Theory]
    [InlineData("certificateThumbprint")]
    [InlineData("dpopKeyThumbprint")]
    public async Task TokenBoundToACertificateOrKey_IsRefused_ForItCannotBeChecked(string member)
    {
        var bound = await _orders.CreateAsync(_client, more: new JsonObject { [member] = "wtdG2f1rW8nP6vYzQx0aBcDeFgHiJkLmNoPqRsTuVwX" });
        Assert.Equal(member is "dpopKeyThumbprint" ? "DPoP" : "Bearer", Text(bound, "tokenType"));
        (await _gateway.CallAsync("/orders/x", Text(bound, "accessToken"))).ShouldBeRefused(401, "credential_unknown");
        var refreshed = (await RefreshAsync(Text(bound, "refreshToken"))).Text("access_token");
        (await _gateway.CallAsync("/orders/x", refreshed)).ShouldBeRefused(401, "credential_unknown");

        // Nor is it made free by who writes its session.
        var session = JsonNode.Parse((await _gateway.ManageAsync("GET", "/tyk/keys/" + refreshed)).ShouldBe(200).Body)!;
        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + refreshed, session)).ShouldBe(200);
        (await _gateway.CallAsync("/orders/x", refreshed)).ShouldBeRefused(401, "credential_unknown");

        var free = Text(await _orders.CreateAsync(_client), "accessToken");
        await UseAsync(free, 1);
        await UpdateAsync(new JsonObject { ["accessToken"] = free, [member] = "wtdG2f1rW8nP6vYzQx0aBcDeFgHiJkLmNoPqRsTuVwX" });
        (await _gateway.CallAsync("/orders/x", free)).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task Expiry_IsMoved_BackAndForth()
    {
        var created = await _orders.CreateAsync(_client, more: new JsonObject { ["accessTokenDuration"] = 10 });
        var token = Text(created, "accessToken");
        await UseAsync(token, 1);
        var now = _gateway.Time.GetUtcNow().ToUnixTimeMilliseconds();

        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["accessTokenExpiresAt"] = now - 1 });
        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_expired");

        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["accessTokenExpiresAt"] = now + 60_000 });
        _gateway.Time.Advance(TimeSpan.FromSeconds(30));
        await UseAsync(token, 1);

        await UpdateAsync(new JsonObject { ["accessToken"] = token, ["accessTokenPersistent"] = true });
        _gateway.Time.Leap(TimeSpan.FromDays(3));
        await UseAsync(token, 1);

        var updated = await UpdateAsync(new JsonObject { ["accessToken"] = token, ["accessTokenExpiresAt"] = 1 });
        Assert.InRange(updated.GetProperty("accessTokenExpiresAt").GetInt64(), 1, 1000);
        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_expired");
    }

    private static JsonObject Rules(string more) => Property("key_rules", Definitions.Session(["orders"], more).ToJsonString());

    private static JsonObject Property(string key, string value) => new() { ["properties"] = new JsonArray(new JsonObject { ["key"] = key, ["value"] = value }) };

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;

    private static string HashOf(string token) => EdgeAuth.Sessions.KeyHash.Of(token).ToBase64Url();

    private async Task<string> HashAsync() =>
        AuthleteModel.List.Read(await _orders.ListAsync()).GetProperty("accessTokens")[0].GetProperty("accessTokenHash").GetString()!;

    private Task<Answer> CreateAsync(JsonObject more)
    {
        (more["grantType"], more["clientId"], more["subject"]) = ("PASSWORD", _client, "ana");
        return _orders.PostAsync("create", more);
    }

    private async Task<JsonElement> UpdateAsync(JsonObject body) => AuthleteModel.Updated.ReadOk(await _orders.PostAsync("update", body), "A135001");

    private async Task<Answer> RefreshAsync(string refreshToken)
    {
        var secret = (await _gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/shop")).ShouldBe(200).Text("secret");
        return (await _gateway.TokenAsync("orders", new OAuthClient("shop", secret, ""), ("grant_type", "refresh_token"), ("refresh_token", refreshToken))).ShouldBe(200);
    }

    private async Task UseAsync(string token, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        }
    }
}
