using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>APIs without <c>jwt_source</c>: each key brings what verifies its tokens (spec d.3).</summary>
public sealed class JwtOwnKeyTests : IAsyncLifetime
{
    private readonly TokenSigner _secret = TokenSigner.Secret("a secret of the key's own"u8.ToArray());
    private readonly TokenSigner _pair = TokenSigner.New("RS256");
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        static upstream =>
        [
            Api("jwt", upstream, "hmac"),
            Api("old", upstream, "hmac").With("errors", "tyk").With("jwt_skip_kid", true),
            Api("pairs", upstream, "rsa"),
            Definitions.Keys("stock", upstream),
        ],
        JwtApis.Policies);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task KeyId_NamesTheKeyThatVerifies_UnderItsRules()
    {
        var name = await CreateAsync("one", _secret, """{"rate":2,"per":60}""");
        var token = _secret.As("HS256", name).Sign(JwtApis.Claims());

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", _secret.As("HS384", "one").Sign(JwtApis.Claims()))).ShouldBeRefused(429, "rate_exceeded");
    }

    [Fact]
    public async Task Identity_NamesTheKey_WithoutAKeyIdOrWhereItIsSkipped()
    {
        await CreateAsync("ann", _secret);

        (await _gateway.CallAsync("/jwt/x", _secret.Sign(JwtApis.Claims("ann")))).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", _secret.As("HS256", "nobody").Sign(JwtApis.Claims("ann")))).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.CallAsync("/old/x", _secret.As("HS256", "nobody").Sign(JwtApis.Claims("ann")))).ShouldBe(200);
    }

    [Fact]
    public async Task PublicKey_Verifies_AndIsNoSharedSecret()
    {
        await CreateAsync("pair", _pair);

        (await _gateway.CallAsync("/pairs/x", _pair.As("RS256", "pair").Sign(JwtApis.Claims()))).ShouldBe(200);
        (await _gateway.CallAsync("/pairs/x", TokenSigner.New("RS256", "pair").Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.CallAsync("/jwt/x", TokenSigner.Secret(_pair.Public, keyId: "pair").Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task Token_IsUnknown_WithoutAKeyThatHasASecret()
    {
        await _gateway.ManageAsync("POST", "/tyk/keys/plain", Definitions.Session(["jwt"]));
        await CreateAsync("short", TokenSigner.Secret("short"u8.ToArray()));

        foreach (var (name, subject) in new (string?, string)[] { ("plain", "ann"), ("absent", "ann"), ("short", "ann"), (null, "absent"), (null, "") })
        {
            var answer = await _gateway.CallAsync("/jwt/x", TokenSigner.Secret("short"u8.ToArray(), keyId: name).Sign(JwtApis.Claims(subject)));
            answer.ShouldBeRefused(401, "credential_unknown");
        }

        (await _gateway.CallAsync("/old/x", _secret.Sign(JwtApis.Claims("absent")))).ShouldBeTykRefusal(403, "Key not authorized");
    }

    [Fact]
    public async Task Verdict_Ends_WhenTheKeyChangesOrGoes()
    {
        var name = await CreateAsync("one", _secret);
        var token = _secret.As("HS256", "one").Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);

        var other = TokenSigner.Secret("another secret for it"u8.ToArray(), keyId: "one");
        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + name, Session(other))).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.CallAsync("/jwt/x", other.Sign(JwtApis.Claims()))).ShouldBe(200);

        (await _gateway.ManageAsync("DELETE", "/tyk/keys/" + name)).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", other.Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
    }

    // It stands in the header of every token, for anyone to read.
    [Fact]
    public async Task NameOfTheKey_IsNoCredential()
    {
        var name = await CreateAsync("one", _secret);

        (await _gateway.CallAsync("/stock/x", name)).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.CallAsync("/stock/x", "one")).ShouldBeRefused(401, "credential_unknown");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"jwt_data":null}""")]
    [InlineData("""{"jwt_data":{"secret":""}}""")]
    public async Task Update_KeepsTheSecret_WhenNoneIsSent(string sent)
    {
        var name = await CreateAsync("one", _secret);

        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + name, Definitions.Session(["jwt", "stock"], sent))).ShouldBe(200);

        (await _gateway.CallAsync("/stock/x", name)).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.CallAsync("/jwt/x", _secret.As("HS256", name).Sign(JwtApis.Claims()))).ShouldBe(200);
    }

    private async Task<string> CreateAsync(string name, TokenSigner signer, string? rules = null) =>
        (await _gateway.ManageAsync("POST", "/tyk/keys/" + name, Session(signer, rules))).ShouldBe(200).Text("key");

    private static JsonObject Session(TokenSigner signer, string? rules = null) =>
        Definitions.Session(["jwt", "old", "pairs", "stock"], rules).With("jwt_data.secret", System.Text.Encoding.UTF8.GetString(signer.Public));

    private static JsonObject Api(string id, string upstream, string method)
    {
        var definition = JwtApis.Api(id, upstream, method, "");
        definition.Remove("jwt_source");
        return definition;
    }
}
