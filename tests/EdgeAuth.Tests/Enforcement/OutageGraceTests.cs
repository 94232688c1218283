using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.Enforcement.Jwt;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>What callers see while the store is down, by the kind of their credential (design: outages).</summary>
public sealed class OutageGraceTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // So long that a cached session is not served any more without news.
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(1.5);

    private readonly StoreSwitch _store = new();
    private readonly TokenSigner _signer = TokenSigner.New("HS256");
    private readonly TokenSigner _own = TokenSigner.Secret("a secret of the key's own"u8.ToArray());
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        upstream =>
        [
            Definitions.Keys("stock", upstream),
            Definitions.OAuth("orders", upstream),
            Definitions.OAuth("other", upstream),
            Definitions.Keys("portal", upstream).With("use_standard_auth", false).With("use_basic_auth", true),
            JwtApis.Api("jwt", upstream, "hmac", _signer.Source).With("jwt_default_policies", (string[])["free"]),
            OwnKeys("own", upstream),
            Definitions.Keyless("open", upstream),
        ],
        setup =>
        {

            // What is left of a limit only the store can say, once the lease is spent.
            setup.Policy("free", Definitions.Policy(["jwt"]));
            setup.Set("EdgeAuth:Dialects:Tyk:enforce_org_quotas", "true");
            setup.Services = _store.Install;
        });

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    [Trait(TestStore.Trait, TestStore.EmbeddedOnly)]
    public async Task WhoeverWasLetInBefore_IsLetInUntilTheGraceIsOver_AndAgainOnceTheStoreIsBack()
    {
        var calls = await CallersAsync();
        foreach (var (name, call) in calls)
        {
            Assert.True((await call()).Status == 200, name);
        }

        TurnOff();
        foreach (var (name, call) in calls)
        {
            Assert.True((await call()).Status == 200, name);
        }

        _gateway.Time.Advance(Grace - Stale);
        foreach (var (name, call) in calls)
        {
            Assert.True((await call()).Status == 200, name);
        }

        _gateway.Time.Advance(TimeSpan.FromMilliseconds(1));
        foreach (var (name, call) in calls)
        {
            var answer = await call();
            Assert.True(answer is { Status: 503 } && answer.Header("Retry-After") is "1", $"{name}: {answer.Status}");
        }

        _store.TurnOn();
        foreach (var (name, call) in calls)
        {
            Assert.True((await call()).Status == 200, name);
        }
    }

    [Fact]
    public async Task WhoeverIsNotKnown_IsToldToComeBack_NotThatTheCredentialIsWrong()
    {
        var key = await _gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        (await _gateway.CallAsync("/stock/x", "guess")).ShouldBeRefused(401, "credential_unknown");
        TurnOff();

        (await _gateway.CallAsync("/stock/x", key)).ShouldBeRefused(503, "store_unavailable");
        (await CallAsUserAsync("ann", "right")).ShouldBeRefused(503, "store_unavailable");
        (await _gateway.CallAsync("/jwt/x", _signer.Sign(JwtApis.Claims("newcomer")))).ShouldBeRefused(503, "store_unavailable");

        // Who was refused a moment ago is refused still.
        (await _gateway.CallAsync("/stock/x", "guess")).ShouldBeRefused(401, "credential_unknown");
        _gateway.Time.Advance(Grace);
        (await _gateway.CallAsync("/stock/x", "guess")).ShouldBeRefused(503, "store_unavailable");
    }

    [Fact]
    public async Task WhatWasRevokedBefore_IsNotLetIn()
    {
        var client = await _gateway.CreateClientAsync("orders");
        var token = (await _gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");
        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        (await _gateway.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", token), ("client_id", client.Id)))).ShouldBe(200);
        TurnOff();

        (await _gateway.CallAsync("/orders/x", token)).ShouldBeRefused(503, "store_unavailable");
    }

    // A token that would move the expiry of its identity needs a write, but not to be let in. Where its rate is shared, it is counted nowhere meanwhile.
    [Fact]
    [Trait(TestStore.Trait, TestStore.EmbeddedOnly)]
    public async Task LaterTokenOfAKnownIdentity_IsLetIn()
    {
        (await _gateway.CallAsync("/jwt/x", _signer.Sign(JwtApis.Claims()))).ShouldBe(200);
        TurnOff();

        var later = _signer.Sign(JwtApis.Claims(more: $$"""{"exp":{{JwtApis.Start + 7200}}}"""));

        (await _gateway.CallAsync("/jwt/x", later)).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", later)).ShouldBe(200);
    }

    private void TurnOff()
    {
        _store.TurnOff(_gateway.Services);
        _gateway.Time.Advance(Stale);
    }

    // One caller of each kind.
    private async Task<List<(string Name, Func<Task<Answer>> Call)>> CallersAsync()
    {
        var key = await _gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        var client = await _gateway.CreateClientAsync("orders");
        await _gateway.CreateClientAsync("other", more: new JsonObject { ["client_id"] = client.Id });
        var token = (await _gateway.IssueAsync("orders", client, Definitions.Session(["orders", "other"]))).Text("access_token");
        (await _gateway.ManageAsync("POST", "/tyk/keys/ann", Definitions.Session(["portal"], """{"basic_auth_data":{"password":"right"}}"""))).ShouldBe(200);
        var named = (await _gateway.ManageAsync("POST", "/tyk/keys/one", Definitions.Session(["own"]).With("jwt_data.secret", Encoding.UTF8.GetString(_own.Public)))).ShouldBe(200).Text("key");
        var (jwt, own) = (_signer.Sign(JwtApis.Claims()), _own.As("HS256", named).Sign(JwtApis.Claims()));
        return
        [
            ("a key", () => _gateway.CallAsync("/stock/x", key)),
            ("a token", () => _gateway.CallAsync("/orders/x", token)),
            ("a token of another realm", () => _gateway.CallAsync("/other/x", token)),
            ("a user", () => CallAsUserAsync("ann", "right")),
            ("a JWT", () => _gateway.CallAsync("/jwt/x", jwt)),
            ("a JWT of a key", () => _gateway.CallAsync("/own/x", own)),
            ("nobody, in an organisation", () => _gateway.CallAsync("/open/x")),
        ];
    }

    // An API whose keys bring what verifies their JWTs.
    private static JsonObject OwnKeys(string id, string upstream)
    {
        var definition = JwtApis.Api(id, upstream, "hmac", "");
        definition.Remove("jwt_source");
        return definition;
    }

    private async Task<Answer> CallAsUserAsync(string name, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/portal/x");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
        return await _gateway.SendAsync(request);
    }
}
