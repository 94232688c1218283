using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Changing tokens (spec/authlete.md 1.5, 2.5, 2.6, 3.4).</summary>
public sealed class TokenUpdateTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private AuthleteService Orders => shared.Orders;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"accessToken":null,"accessTokenHash":null}""")]
    [InlineData("""{"accessToken":"","accessTokenHash":"","refreshToken":"","refreshTokenHash":"","scopes":["a"]}""")]
    public async Task TokenThatIsNotNamed_IsABadRequest(string body) => AuthleteModel.ShouldSay(await Orders.PostAsync("update", body), "BAD_REQUEST", "A134201");

    [Theory]
    [InlineData("""{"accessToken":"nobody"}""")]
    [InlineData("""{"accessTokenHash":"nobody"}""")]
    [InlineData("""{"accessTokenHash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"accessTokenHash":"+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"accessToken":"nobody","properties":[{"value":"no key"}]}""")]
    [InlineData("""{"refreshToken":"nobody"}""")]
    public async Task UnknownToken_IsNotFound(string body) => AuthleteModel.ShouldSay(await Orders.PostAsync("update", body), "NOT_FOUND", "A134202");

    [Fact]
    public async Task Value_ComesBeforeHash_AndAHashIsNoValue()
    {
        var (token, hash, _) = await CreateAsync();

        AuthleteModel.ShouldSay(await Orders.PostAsync("update", new JsonObject { ["accessToken"] = "nobody", ["accessTokenHash"] = hash }), "NOT_FOUND", "A134202");
        AuthleteModel.ShouldSay(await Orders.PostAsync("update", new JsonObject { ["accessToken"] = hash }), "NOT_FOUND", "A134202");
        AuthleteModel.ShouldSay(await Orders.PostAsync("update", new JsonObject { ["accessTokenHash"] = token }), "NOT_FOUND", "A134202");
        Assert.Equal(token, (await UpdateAsync(new() { ["accessToken"] = token, ["accessTokenHash"] = "nobody" })).GetProperty("accessToken").GetString());
    }

    [Fact]
    public async Task TokenOfAnotherService_IsForbidden()
    {
        var (token, hash, _) = await CreateAsync();

        AuthleteModel.ShouldSay(await shared.Billing.PostAsync("update", new JsonObject { ["accessToken"] = token }), "FORBIDDEN", "A134203");
        AuthleteModel.ShouldSay(await shared.Billing.PostAsync("update", new JsonObject { ["accessTokenHash"] = hash }), "FORBIDDEN", "A134203");
    }

    // The hand-written Go SDK can name a token by its hash only so.
    [Fact]
    public async Task TokenFoundByItsHash_IsNotShown()
    {
        var (_, hash, _) = await CreateAsync();

        var updated = await UpdateAsync(new() { ["accessToken"] = "", ["accessTokenHash"] = hash });

        Assert.Equal(["resultCode", "resultMessage", "action", "accessTokenExpiresAt", "refreshTokenExpiresAt", "tokenType", "scopes", "properties", "forExternalAttachment"], updated.Names());
    }

    // Java sends every null, C# every zero and false, newer SDKs members of their own.
    [Theory]
    [InlineData("""
        {"accessToken":"@","accessTokenHash":null,"accessTokenExpiresAt":0,"scopes":null,"properties":null,"accessTokenExpiresAtUpdatedOnScopeUpdate":false,"accessTokenValueUpdated":false,"accessTokenPersistent":false,
        "certificateThumbprint":null,"dpopKeyThumbprint":null,"authorizationDetails":null,"forExternalAttachment":false,"refreshTokenExpiresAt":0,"refreshTokenExpiresAtUpdatedOnScopeUpdate":false,"tokenId":null}
        """)]
    [InlineData("""{"accessToken":"@","refreshToken":"","refreshTokenHash":"","certificateThumbprint":"","dpopKeyThumbprint":"","accessTokenExpiresAt":-1,"refreshTokenExpiresAt":-9223372036854775808,"unknown":{}}""")]
    [InlineData("""{"accessToken":"@"}""")]
    public async Task NothingGiven_ChangesNothing(string body)
    {
        var (token, hash, number) = await CreateAsync();
        var before = await Orders.RowAsync(number, hash);

        var updated = AuthleteModel.Updated.ReadOk(await Orders.PostAsync("update", body.Replace("@", token, StringComparison.Ordinal)), "A135001");

        Assert.Equal(before.GetRawText(), (await Orders.RowAsync(number, hash)).GetRawText());
        Assert.Equal(["resultCode", "resultMessage", "action", "accessToken", "accessTokenExpiresAt", "refreshTokenExpiresAt", "tokenType", "scopes", "properties", "forExternalAttachment"], updated.Names());
        foreach (var member in new[] { "accessTokenExpiresAt", "refreshTokenExpiresAt", "scopes", "properties" })
        {
            Assert.Equal(before.GetProperty(member).GetRawText(), updated.GetProperty(member).GetRawText());
        }
    }

    [Fact]
    public async Task EmptyLists_Empty()
    {
        var (token, hash, number) = await CreateAsync();

        var updated = await UpdateAsync(new() { ["accessToken"] = token, ["scopes"] = new JsonArray(), ["properties"] = new JsonArray() });

        Assert.False(updated.TryGetProperty("scopes", out _));
        Assert.False(updated.TryGetProperty("properties", out _));
        Assert.False((await Orders.RowAsync(number, hash)).TryGetProperty("scopes", out _));
    }

    [Fact]
    public async Task Form_IsTaken()
    {
        var (token, _, _) = await CreateAsync();

        var updated = AuthleteModel.Updated.ReadOk(
            await Orders.FormAsync("update", ("accessToken", token), ("scopes", "x y"), ("scopes", "z"), ("properties", "ignored"), ("authorizationDetails", "ignored"), ("forExternalAttachment", "true"), ("accessTokenExpiresAt", "")),
            "A135001");

        Assert.Equal("""["x","y","z"]""", updated.GetProperty("scopes").GetRawText());
        Assert.Equal("k", updated.GetProperty("properties")[0].GetProperty("key").GetString());
        Assert.True(updated.GetProperty("forExternalAttachment").GetBoolean());
    }

    [Fact]
    public async Task NewValue_TakesThePlaceOfTheOld()
    {
        var (token, hash, number) = await CreateAsync();
        Assert.Equal(200, await Orders.UseAsync("orders", token));

        var updated = await UpdateAsync(new() { ["accessTokenHash"] = hash, ["accessTokenValueUpdated"] = true });
        var renewed = updated.GetProperty("accessToken").GetString()!;

        Assert.Equal((401, 200), (await Orders.UseAsync("orders", token), await Orders.UseAsync("orders", renewed)));
        Assert.Equal(1, await Orders.CountAsync(number));
        await Orders.RowAsync(number, KeyHash.Of(renewed).ToBase64Url());
        AuthleteModel.ShouldSay(await Orders.PostAsync("update", new JsonObject { ["accessToken"] = token }), "NOT_FOUND", "A134202");
    }

    [Fact]
    public async Task Expiry_IsMovedAndTakenAway()
    {
        var (token, hash, number) = await CreateAsync();
        var now = shared.Gateway.Time.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal(AuthleteRounding.Of(now + 7_200_400), (await UpdateAsync(new() { ["accessToken"] = token, ["accessTokenExpiresAt"] = now + 7_200_400 })).GetProperty("accessTokenExpiresAt").GetInt64());
        Assert.Equal(0, (await UpdateAsync(new() { ["accessToken"] = token, ["accessTokenPersistent"] = true, ["accessTokenExpiresAt"] = now + 5_000_000 })).GetProperty("accessTokenExpiresAt").GetInt64());
        Assert.Equal(0, (await UpdateAsync(new() { ["accessToken"] = token, ["accessTokenPersistent"] = false })).GetProperty("accessTokenExpiresAt").GetInt64());
        Assert.Equal(AuthleteRounding.Of(now + 60_000), (await UpdateAsync(new() { ["accessToken"] = token, ["accessTokenExpiresAt"] = now + 60_000 })).GetProperty("accessTokenExpiresAt").GetInt64());
        Assert.Equal(200, await Orders.UseAsync("orders", token));

        // An instant long gone ends it, and is not shown as never.
        Assert.Equal(1000, (await UpdateAsync(new() { ["accessToken"] = token, ["accessTokenExpiresAt"] = 1 })).GetProperty("accessTokenExpiresAt").GetInt64());
        Assert.Equal(401, await Orders.UseAsync("orders", token));
        Assert.Equal((1, 0), (await Orders.CountAsync(number, "&tokenStatus=INVALID"), await Orders.CountAsync(number, "&tokenStatus=VALID")));

        await UpdateAsync(new() { ["accessTokenHash"] = hash, ["accessTokenExpiresAt"] = now + 60_000 });
        Assert.Equal(200, await Orders.UseAsync("orders", token));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(9_007_199_254_740_993)]
    public async Task FarExpiry_StaysWithinWhatProgramsRead(long expires)
    {
        var (token, hash, number) = await CreateAsync();

        await UpdateAsync(new() { ["accessToken"] = token, ["accessTokenExpiresAt"] = expires, ["refreshTokenExpiresAt"] = expires });

        Assert.True((await Orders.RowAsync(number, hash)).GetProperty("accessTokenExpiresAt").GetInt64() > shared.Gateway.Time.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.Equal(200, await Orders.UseAsync("orders", token));
    }

    [Fact]
    public async Task ScopeChange_MovesTheExpiry_IfAsked()
    {
        var (_, number) = await shared.Scoped.ClientAsync("scoped");
        var token = (await shared.Scoped.CreateAsync(number, more: new() { ["scopes"] = new JsonArray("orders.read") })).GetProperty("accessToken").GetString()!;
        var now = shared.Gateway.Time.GetUtcNow().ToUnixTimeMilliseconds();

        var updated = AuthleteModel.Updated.ReadOk(
            await shared.Scoped.PostAsync("update", new JsonObject { ["accessToken"] = token, ["scopes"] = new JsonArray("orders.write", "unknown", "orders.write"), ["accessTokenExpiresAtUpdatedOnScopeUpdate"] = true }), "A135001");

        Assert.Equal("""["orders.write"]""", updated.GetProperty("scopes").GetRawText());
        Assert.Equal(AuthleteRounding.Of(now + 1_200_000), updated.GetProperty("accessTokenExpiresAt").GetInt64());
    }

    [Fact]
    public async Task Details_AreReplaced()
    {
        var (token, _, _) = await CreateAsync();

        var updated = await UpdateAsync(new()
        {
            ["accessToken"] = token,
            ["authorizationDetails"] = new JsonObject { ["elements"] = new JsonArray(new JsonObject { ["type"] = "a" }) },
            ["forExternalAttachment"] = true,
            ["dpopKeyThumbprint"] = "thumb",
        });
        Assert.Equal("""{"elements":[{"type":"a"}]}""", updated.GetProperty("authorizationDetails").GetRawText());
        Assert.Equal(("DPoP", true), (updated.GetProperty("tokenType").GetString(), updated.GetProperty("forExternalAttachment").GetBoolean()));

        var kept = await UpdateAsync(new() { ["accessToken"] = token, ["authorizationDetails"] = null, ["forExternalAttachment"] = false });
        Assert.Equal((updated.GetProperty("authorizationDetails").GetRawText(), true), (kept.GetProperty("authorizationDetails").GetRawText(), kept.GetProperty("forExternalAttachment").GetBoolean()));

        Assert.False((await UpdateAsync(new() { ["accessToken"] = token, ["authorizationDetails"] = new JsonObject { ["elements"] = new JsonArray() } })).TryGetProperty("authorizationDetails", out _));
    }

    [Theory]
    [InlineData("\"properties\":[{\"value\":\"no key\"}]")]
    [InlineData("\"properties\":[{\"key\":\"key_rules\",\"value\":\"{\"}]")]
    [InlineData("\"properties\":[{\"key\":\"apply_policies\",\"value\":\"nobody\"}]")]
    [InlineData("\"properties\":[{\"key\":\"big\",\"value\":\"$\"}]")]
    [InlineData("\"authorizationDetails\":{\"elements\":[{}]}")]
    public async Task BadValue_IsABadRequest_AndChangesNothing(string member)
    {
        var (token, hash, number) = await CreateAsync();
        var before = (await Orders.RowAsync(number, hash)).GetRawText();

        AuthleteModel.ShouldSay(await Orders.PostAsync("update", $"{{\"accessToken\":\"{token}\",\"scopes\":[],{member.Replace("$", new string('a', 49000), StringComparison.Ordinal)}}}"), "BAD_REQUEST", "A135201");

        Assert.Equal(before, (await Orders.RowAsync(number, hash)).GetRawText());
    }

    [Fact]
    public async Task RefreshToken_NamesItToo()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var created = await Orders.CreateAsync(number);
        var refresh = created.GetProperty("refreshToken").GetString()!;

        await UpdateAsync(new() { ["refreshToken"] = refresh, ["scopes"] = new JsonArray("one") });
        var updated = await UpdateAsync(new() { ["accessToken"] = "", ["refreshTokenHash"] = KeyHash.Of(refresh).ToBase64Url() });

        Assert.Equal("""["one"]""", updated.GetProperty("scopes").GetRawText());
        Assert.False(updated.TryGetProperty("accessToken", out _));
    }

    [Fact]
    public async Task DeletedToken_StaysDeleted()
    {
        var (token, hash, _) = await CreateAsync();
        Assert.Equal(204, (await Orders.DeleteAsync(hash)).Status);

        AuthleteModel.ShouldSay(await Orders.PostAsync("update", new JsonObject { ["accessToken"] = token }), "NOT_FOUND", "A134202");
        AuthleteModel.ShouldSay(await Orders.PostAsync("update", new JsonObject { ["accessTokenHash"] = hash, ["accessTokenPersistent"] = true }), "NOT_FOUND", "A134202");
        Assert.Equal(401, await Orders.UseAsync("orders", token));
    }

    private async Task<JsonElement> UpdateAsync(JsonObject body) => AuthleteModel.Updated.ReadOk(await Orders.PostAsync("update", body), "A135001");

    private async Task<(string Token, string Hash, long Client)> CreateAsync()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var created = await Orders.CreateAsync(number, more: new() { ["scopes"] = new JsonArray("a", "b"), ["properties"] = new JsonArray(new JsonObject { ["key"] = "k", ["value"] = "v" }) });
        var token = created.GetProperty("accessToken").GetString()!;
        return (token, KeyHash.Of(token).ToBase64Url(), number);
    }
}
