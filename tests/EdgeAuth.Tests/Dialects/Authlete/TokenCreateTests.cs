using System.Text.Json.Nodes;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Creating tokens, as the SDKs ask for it (spec/authlete.md 1.1, 2.1, 2.2).</summary>
public sealed class TokenCreateTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private AuthleteService Orders => shared.Orders;

    [Fact]
    public async Task CreatedToken_IsShownWhole_AndWorks()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var now = shared.Gateway.Time.GetUtcNow().ToUnixTimeMilliseconds();

        var created = await Orders.CreateAsync(number, more: new() { ["scopes"] = new JsonArray("a", "b", "a"), ["properties"] = new JsonArray(new JsonObject { ["key"] = "k", ["value"] = "v" }) });

        Assert.Equal(
            ["resultCode", "resultMessage", "action", "accessToken", "refreshToken", "tokenType", "expiresIn", "expiresAt", "grantType", "clientId", "subject", "scopes", "properties", "forExternalAttachment"],
            created.Names());
        Assert.Equal($"[A109001] A token was created by the grant type password for the client {number}.", created.GetProperty("resultMessage").GetString());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", created.GetProperty("accessToken").GetString());
        Assert.Equal(("Bearer", 3600, now + 3_600_000), (created.GetProperty("tokenType").GetString(), created.GetProperty("expiresIn").GetInt64(), created.GetProperty("expiresAt").GetInt64()));
        Assert.Equal(("PASSWORD", number, "ana"), (created.GetProperty("grantType").GetString(), created.GetProperty("clientId").GetInt64(), created.GetProperty("subject").GetString()));
        Assert.Equal("""["a","b"]""", created.GetProperty("scopes").GetRawText());
        Assert.Equal("""[{"key":"k","value":"v","hidden":false}]""", created.GetProperty("properties").GetRawText());
        Assert.Equal(200, await Orders.UseAsync("orders", created.GetProperty("accessToken").GetString()!));
        Assert.Equal(401, await Orders.UseAsync("orders", KeyHash.Of(created.GetProperty("accessToken").GetString()!).ToBase64Url()));
    }

    [Theory]
    [InlineData("AUTHORIZATION_CODE", true, true)]
    [InlineData("IMPLICIT", true, false)]
    [InlineData("PASSWORD", true, true)]
    [InlineData("CLIENT_CREDENTIALS", false, false)]
    [InlineData("CIBA", true, true)]
    [InlineData("DEVICE_CODE", true, true)]
    [InlineData("TOKEN_EXCHANGE", true, true)]
    [InlineData("JWT_BEARER", true, true)]
    public async Task GrantType_DecidesWhatIsIssued(string grantType, bool hasSubject, bool hasRefreshToken)
    {
        var (_, number) = await Orders.ClientAsync("orders");

        var created = await Orders.CreateAsync(number, grantType: grantType);
        var row = await Orders.RowAsync(number, KeyHash.Of(created.GetProperty("accessToken").GetString()!).ToBase64Url());

        foreach (var shown in new[] { created, row })
        {
            Assert.Equal(grantType, shown.GetProperty("grantType").GetString());
            Assert.Equal(hasSubject, shown.TryGetProperty("subject", out _));
        }

        Assert.Equal(hasRefreshToken, created.TryGetProperty("refreshToken", out _));
        Assert.Equal(hasRefreshToken, row.TryGetProperty("refreshTokenHash", out _));
        Assert.Equal(hasRefreshToken, row.GetProperty("refreshTokenExpiresAt").GetInt64() > 0);
    }

    // Java sends every null, C# every zero and false, newer SDKs members of their own.
    [Theory]
    [InlineData("""
        {"grantType":"PASSWORD","clientId":@,"subject":"ana","scopes":null,"accessTokenDuration":0,"refreshTokenDuration":0,"properties":null,"clientIdAliasUsed":false,"clientEntityIdUsed":false,"accessToken":null,
        "refreshToken":null,"accessTokenPersistent":false,"certificateThumbprint":null,"dpopKeyThumbprint":null,"authorizationDetails":null,"resources":null,"forExternalAttachment":false,"jwtAtClaims":null,"acr":null,"authTime":0}
        """)]
    [InlineData("""{"GrantType":"x","grantType":"PASSWORD","clientId":"@","subject":"ana","clientIdentifier":"x","metadataDocumentUsed":false,"sessionId":null,"tokenId":{"a":[1]},"accessTokenDuration":null,"clientIdAliasUsed":null}""")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@,"subject":"ana","accessToken":"","refreshToken":"","certificateThumbprint":"","dpopKeyThumbprint":"","jwtAtClaims":"","acr":"","scopes":[],"properties":[],"resources":[],"authorizationDetails":{"elements":null}}""")]
    [InlineData("""{"grantType":"PASSWORD","clientId":@,"subject":"ana","scopes":[null],"properties":[null],"resources":[null],"authorizationDetails":{"elements":[null]},"accessTokenDuration":-1,"refreshTokenDuration":-9223372036854775808}""")]
    public async Task NothingGiven_IsTakenAsNothing(string body)
    {
        var (_, number) = await Orders.ClientAsync("orders");

        var created = AuthleteModel.Created.ReadOk(await Orders.PostAsync("create", body.Replace("@", number.ToString(), StringComparison.Ordinal), "application/json;charset=UTF-8"), "A109001");

        Assert.Equal(
            ["resultCode", "resultMessage", "action", "accessToken", "refreshToken", "tokenType", "expiresIn", "expiresAt", "grantType", "clientId", "subject", "forExternalAttachment"],
            created.Names());
        Assert.Equal(("Bearer", 3600), (created.GetProperty("tokenType").GetString(), created.GetProperty("expiresIn").GetInt64()));
    }

    [Fact]
    public async Task EverythingGiven_IsTaken()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var (access, refresh) = ("given +/%=\u00FC " + number, "given-refresh-" + number);

        var created = await Orders.CreateAsync(number, more: new()
        {
            ["accessToken"] = access,
            ["refreshToken"] = refresh,
            ["accessTokenDuration"] = 120,
            ["refreshTokenDuration"] = 240,
            ["dpopKeyThumbprint"] = "thumb",
            ["authorizationDetails"] = new JsonObject
            {
                ["elements"] = new JsonArray(new JsonObject { ["type"] = "payment", ["locations"] = new JsonArray("https://a.example"), ["otherFields"] = """{"amount":5}""", ["actions"] = null, ["unknown"] = 5 }),
            },
            ["resources"] = new JsonArray("https://api.example/x", "urn:example:a"),
            ["forExternalAttachment"] = true,
            ["clientIdAliasUsed"] = true,
            ["acr"] = "high",
            ["authTime"] = 1_700_000_000,
            ["jwtAtClaims"] = """{"a":1}""",
        });

        Assert.Equal((access, refresh, 120L, "DPoP", true), (
            created.GetProperty("accessToken").GetString(), created.GetProperty("refreshToken").GetString(), created.GetProperty("expiresIn").GetInt64(), created.GetProperty("tokenType").GetString(), created.GetProperty("forExternalAttachment").GetBoolean()));
        Assert.Equal("""{"elements":[{"type":"payment","locations":["https://a.example"],"otherFields":"{\"amount\":5}"}]}""", created.GetProperty("authorizationDetails").GetRawText());
        var row = await Orders.RowAsync(number, KeyHash.Of(access).ToBase64Url());
        Assert.Equal(KeyHash.Of(refresh).ToBase64Url(), row.GetProperty("refreshTokenHash").GetString());
        Assert.Equal(120_000, AuthleteRounding.Between(row.GetProperty("createdAt").GetInt64(), row.GetProperty("accessTokenExpiresAt").GetInt64()));
    }

    [Fact]
    public async Task PersistentToken_HasNoExpiry()
    {
        var (_, number) = await Orders.ClientAsync("orders");

        var created = await Orders.CreateAsync(number, more: new() { ["accessTokenPersistent"] = true, ["accessTokenDuration"] = 5 });

        Assert.Equal((0L, 0L), (created.GetProperty("expiresIn").GetInt64(), created.GetProperty("expiresAt").GetInt64()));
        Assert.Equal(0, (await Orders.RowAsync(number, KeyHash.Of(created.GetProperty("accessToken").GetString()!).ToBase64Url())).GetProperty("accessTokenExpiresAt").GetInt64());
    }

    [Theory]
    [InlineData(long.MaxValue, 315_360_000)]
    [InlineData(9_000_000_000_000_000, 315_360_000)]
    [InlineData(1, 1)]
    [InlineData(long.MinValue, 3600)]
    public async Task Durations_AreKeptWithinBounds(long asked, long given)
    {
        var (_, number) = await Orders.ClientAsync("orders");

        var created = await Orders.CreateAsync(number, more: new() { ["accessTokenDuration"] = asked, ["refreshTokenDuration"] = asked, ["authTime"] = Math.Max(asked, 0) });

        Assert.Equal(given, created.GetProperty("expiresIn").GetInt64());
    }

    [Fact]
    public async Task Form_IsTaken()
    {
        var (_, number) = await Orders.ClientAsync("orders");

        var created = AuthleteModel.Created.ReadOk(
            await Orders.FormAsync(
                "create",
                ("grantType", "CLIENT_CREDENTIALS"), ("clientId", number.ToString()), ("subject", "ignored"), ("scopes", "a b"), ("scopes", "c"), ("accessTokenDuration", "77"), ("accessTokenPersistent", "false"),
                ("forExternalAttachment", "true"), ("properties", "anything"), ("authorizationDetails", "anything"), ("resources", "https://a.example https://b.example"), ("more", "unknown"), ("refreshToken", "")),
            "A109001");

        Assert.Equal(("CLIENT_CREDENTIALS", 77L, true), (created.GetProperty("grantType").GetString(), created.GetProperty("expiresIn").GetInt64(), created.GetProperty("forExternalAttachment").GetBoolean()));
        Assert.Equal("""["a","b","c"]""", created.GetProperty("scopes").GetRawText());
        Assert.False(created.TryGetProperty("properties", out _));
        Assert.False(created.TryGetProperty("subject", out _));
    }

    [Fact]
    public async Task ScopeThatIsDeclared_ShortensTheToken()
    {
        var (_, number) = await shared.Scoped.ClientAsync("scoped");

        Assert.Equal(600, (await shared.Scoped.CreateAsync(number, more: new() { ["scopes"] = new JsonArray("orders.write", "orders.read") })).GetProperty("expiresIn").GetInt64());
        Assert.Equal(1200, (await shared.Scoped.CreateAsync(number, more: new() { ["scopes"] = new JsonArray("orders.write") })).GetProperty("expiresIn").GetInt64());
        Assert.Equal(3600, (await shared.Scoped.CreateAsync(number)).GetProperty("expiresIn").GetInt64());
    }

    [Fact]
    public async Task ReservedProperties_AreLeftOut_AndRulesAreHidden()
    {
        var (_, number) = await Orders.ClientAsync("orders");

        var created = await Orders.CreateAsync(number, more: new()
        {
            ["properties"] = new JsonArray(
                new JsonObject { ["key"] = "scope", ["value"] = "x" },
                new JsonObject { ["key"] = "error", ["value"] = "x" },
                new JsonObject { ["key"] = "key_rules", ["value"] = Definitions.Session(["orders"], """{"rate":5,"per":10}""").ToJsonString(), ["hidden"] = false },
                new JsonObject { ["key"] = "own", ["hidden"] = true, ["value"] = null }),
        });

        Assert.Equal(["key_rules True", "own True"], created.GetProperty("properties").EnumerateArray().Select(static property => $"{property.GetProperty("key")} {property.GetProperty("hidden").GetBoolean()}"));
    }

    // The client's number, one that a text holds, and one that is its id.
    [Fact]
    public async Task ClientWhoseIdIsANumber_GoesByIt()
    {
        var (_, number) = await Orders.ClientAsync("orders", "700100200300");

        Assert.Equal(700100200300, number);
        var created = AuthleteModel.Created.ReadOk(await Orders.PostAsync("create", """{"grantType":"JWT_BEARER","clientId":"700100200300"}"""), "A109001");
        Assert.Equal(700100200300, created.GetProperty("clientId").GetInt64());
    }
}
