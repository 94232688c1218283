using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>What create refuses, in which order, and that it then writes nothing (spec/authlete.md 1.1).</summary>
public sealed class TokenCreateRefusalTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private AuthleteService Orders => shared.Orders;

    // The sign @ stands for a client of the service.
    [Theory]
    [InlineData("""{}""", "A104201")]
    [InlineData("""{"grantType":null}""", "A104201")]
    [InlineData("""{"grantType":"","clientId":@}""", "A104201")]
    [InlineData("""{"grantType":0,"clientId":@}""", "A104201")]
    [InlineData("""{"grantType":"password","clientId":@,"subject":"ana"}""", "A104201")]
    [InlineData("""{"grantType":"client_credentials","clientId":@}""", "A104201")]
    [InlineData("""{"grantType":"PRE_AUTHORIZED_CODE","clientId":@,"subject":"ana"}""", "A104201")]
    [InlineData("""{"grantType":"REFRESH_TOKEN","clientId":@,"subject":"ana"}""", "A104202")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@}""", "A105201")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@,"subject":""}""", "A105201")]
    [InlineData("""{"grantType":"CIBA","clientId":@,"subject":null}""", "A105201")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@,"subject":"$101"}""", "A105202")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@,"subject":"\u00E9"}""", "A105203")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@,"subject":"ana","scopes":["a b"]}""", "A106201")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@,"subject":"ana","scopes":["good",""]}""", "A106201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana"}""", "A107201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":null}""", "A107201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":""}""", "A107201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":0}""", "A107201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":-9223372036854775808}""", "A107201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":9223372036854775807}""", "A107201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":12345}""", "A107201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"properties":[{"key":"big","value":"$49000"}]}""", "A108201")]
    [InlineData("""{"grantType":"IMPLICIT","subject":"ana","clientId":@,"refreshToken":"mine"}""", "A108203")]
    [InlineData("""{"grantType":"CLIENT_CREDENTIALS","clientId":@,"refreshToken":"mine"}""", "A108204")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"jwtAtClaims":"[]"}""", "A108205")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"jwtAtClaims":"{"}""", "A108205")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"clientIdAliasUsed":true,"clientEntityIdUsed":true}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"authTime":-1}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"resources":["relative"]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"resources":["/path"]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"resources":[""]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"resources":["https://a.example/#here"]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"accessToken":"$4097"}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"refreshToken":"$4097"}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"properties":[{"value":"no key"}]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"properties":[{"key":"key_rules","value":"{"}]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"properties":[{"key":"apply_policies","value":"nobody"}]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"properties":[{"key":"apply_policies","value":"silver,nobody"}]}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"authorizationDetails":{"elements":[{"actions":["a"]}]}}""", "A109201")]
    [InlineData("""{"grantType":"PASSWORD","subject":"ana","clientId":@,"authorizationDetails":{"elements":[{"type":"a","otherFields":"[]"}]}}""", "A109201")]
    public async Task BadRequest_SaysWhy_AndWritesNothing(string body, string code)
    {
        var (_, number) = await Orders.ClientAsync("orders");
        foreach (var length in new[] { 101, 4097, 49000 })
        {
            body = body.Replace("$" + length, new string('a', length), StringComparison.Ordinal);
        }

        AuthleteModel.ShouldSay(await Orders.PostAsync("create", body.Replace("@", number.ToString(), StringComparison.Ordinal)), "BAD_REQUEST", code);

        Assert.Equal(0, await Orders.CountAsync(number));
    }

    // Each body is wrong in everything that comes later, too.
    [Fact]
    public async Task Checks_HaveAnOrder()
    {
        var body = new JsonObject { ["grantType"] = "REFRESH_TOKEN", ["subject"] = "\u00E9", ["scopes"] = new JsonArray("a b"), ["clientId"] = 5, ["authTime"] = -1, ["accessToken"] = "order-taken" };
        var (_, number) = await Orders.ClientAsync("orders");
        await Orders.CreateAsync(number, more: new() { ["accessToken"] = "order-taken" });

        foreach (var (member, value, code) in new (string, JsonNode, string)[]
        {
            ("grantType", "PASSWORD", "A104202"), ("subject", "ana", "A105203"), ("scopes", new JsonArray(), "A106201"), ("clientId", number, "A107201"), ("authTime", 5, "A109201"), ("accessToken", "order-free", "A144201"),
        })
        {
            AuthleteModel.ShouldSay(await Orders.PostAsync("create", body), "BAD_REQUEST", code);
            body[member] = value;
        }

        AuthleteModel.Created.ReadOk(await Orders.PostAsync("create", body), "A109001");
    }

    [Fact]
    public async Task ClientOfAnotherService_IsForbidden()
    {
        var (_, number) = await shared.Billing.ClientAsync("billing");

        AuthleteModel.ShouldSay(await Orders.PostAsync("create", new JsonObject { ["grantType"] = "PASSWORD", ["subject"] = "ana", ["clientId"] = number }), "FORBIDDEN", "A107202");
    }

    [Fact]
    public async Task ServiceThatIssuesLess_Refuses()
    {
        var (_, number) = await shared.Plain.ClientAsync("plain");

        foreach (var (grantType, code) in new[] { ("AUTHORIZATION_CODE", "A104203"), ("IMPLICIT", "A104203") })
        {
            AuthleteModel.ShouldSay(await shared.Plain.PostAsync("create", new JsonObject { ["grantType"] = grantType, ["subject"] = "ana", ["clientId"] = number }), "BAD_REQUEST", code);
        }

        AuthleteModel.ShouldSay(await shared.Plain.PostAsync("create", new JsonObject { ["grantType"] = "PASSWORD", ["subject"] = "ana", ["clientId"] = number, ["refreshToken"] = "mine" }), "BAD_REQUEST", "A108202");
        Assert.False((await shared.Plain.CreateAsync(number)).TryGetProperty("refreshToken", out _));
        Assert.False((await shared.Plain.CreateAsync(number, grantType: "CIBA")).TryGetProperty("refreshToken", out _));
    }

    [Fact]
    public async Task UndeclaredScope_IsRefused()
    {
        var (_, number) = await shared.Scoped.ClientAsync("scoped");

        AuthleteModel.ShouldSay(
            await shared.Scoped.PostAsync("create", new JsonObject { ["grantType"] = "PASSWORD", ["subject"] = "ana", ["clientId"] = number, ["scopes"] = new JsonArray("orders.read", "orders.burn") }), "BAD_REQUEST", "A106201");
    }

    [Fact]
    public async Task ValueInUse_IsRefused_AlsoWhereItReadsLikeAHash()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var (access, refresh) = ("in-use-" + number, "in-use-refresh-" + number);
        await Orders.CreateAsync(number, more: new() { ["accessToken"] = access, ["refreshToken"] = refresh });
        var hash = EdgeAuth.Sessions.KeyHash.Of(access).ToBase64Url();
        var key = await shared.Gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        foreach (var taken in new[] { access, refresh, hash, key })
        {
            AuthleteModel.ShouldSay(await Orders.PostAsync("create", new JsonObject { ["grantType"] = "PASSWORD", ["subject"] = "ana", ["clientId"] = number, ["accessToken"] = taken }), "BAD_REQUEST", "A144201");
            AuthleteModel.ShouldSay(await Orders.PostAsync("create", new JsonObject { ["grantType"] = "PASSWORD", ["subject"] = "ana", ["clientId"] = number, ["refreshToken"] = taken }), "BAD_REQUEST", "A144202");
        }

        Assert.Equal(1, await Orders.CountAsync(number));
    }

    [Fact]
    public async Task Refusal_RepeatsNothingSecret()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        const string Hidden = "do-not-repeat-me";

        foreach (var more in new JsonObject[]
        {
            new() { ["accessToken"] = Hidden + new string('a', 5000) },
            new() { ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = "{\"rate\":\"" + Hidden }) },
            new() { ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = "{\"rate\":\"" + Hidden + "\"}" }) },
            new() { ["properties"] = new JsonArray(new JsonObject { ["key"] = "apply_policies", ["value"] = Hidden }) },
            new() { ["jwtAtClaims"] = Hidden },
        })
        {
            more["grantType"] = "PASSWORD";
            more["subject"] = "ana";
            more["clientId"] = number;
            var refused = await Orders.PostAsync("create", more);
            Assert.Equal("BAD_REQUEST", AuthleteModel.Refused.Read(refused).GetProperty("action").GetString());
            Assert.DoesNotContain(Hidden, refused.Body, StringComparison.Ordinal);
        }
    }
}
