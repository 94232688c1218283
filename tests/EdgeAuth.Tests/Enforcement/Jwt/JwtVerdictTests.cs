using EdgeAuth.Catalog;
using EdgeAuth.Enforcement;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>A token that was verified is not verified again, until its time is over or what it was verified against changes.</summary>
public sealed class JwtVerdictTests : IAsyncLifetime
{
    private const int Decisions = 10_000;
    private const int MostBatches = 200;

    private readonly TokenSigner _signer = TokenSigner.New("HS256");
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await JwtApis.StartAsync("hmac", _signer.Source);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task Token_IsRefused_FromTheSecondItExpires()
    {
        var token = _signer.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _gateway.Time.Advance(TimeSpan.FromSeconds(599));
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _gateway.Time.Advance(TimeSpan.FromSeconds(1));

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_expired");
    }

    [Fact]
    public async Task Token_IsRefused_WhenTheClockIsSetBackBeforeIt()
    {
        var token = _signer.Sign(JwtApis.Claims(more: $$"""{"nbf":{{JwtApis.Start}}}"""));
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _gateway.Time.StepWallClock(TimeSpan.FromSeconds(-1));

        (await _gateway.CallAsync("/old/x", token)).ShouldBeTykRefusal(401, "Key not authorized: token is not valid yet");
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_unknown");
    }

    // It would be taken again if its signature were checked again.
    [Fact]
    public async Task Refusal_IsRemembered_AlsoOfATokenThatWasTakenBefore()
    {
        var token = _signer.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _gateway.Time.Advance(TimeSpan.FromSeconds(600));
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_expired");
        _gateway.Time.StepWallClock(TimeSpan.FromSeconds(-60));

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_expired");
        _gateway.Time.Advance(TimeSpan.FromSeconds(1));
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Verdict_IsOfOneApi()
    {
        var token = _signer.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        await ReloadAsync(definition => definition["jwt_allowed_issuers"] = new System.Text.Json.Nodes.JsonArray("someone"), "old");

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        (await _gateway.CallAsync("/old/x", token)).ShouldBeTykRefusal(403, "Key not authorized");
    }

    [Fact]
    public async Task Verdict_EndsWithItsGeneration()
    {
        var token = _signer.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        var next = TokenSigner.New("HS256");
        await ReloadAsync(definition => definition["jwt_source"] = next.Source, "jwt");

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_unknown");
        (await _gateway.CallAsync("/jwt/x", next.Sign(JwtApis.Claims()))).ShouldBe(200);
        (await _gateway.CallAsync("/old/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Policy_ActsOnVerifiedTokens_WhenItChanges()
    {
        var token = _signer.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _gateway.Folder.Write("config/policies/gold.json", new System.Text.Json.Nodes.JsonObject { ["gold"] = Definitions.Policy(["old"]) }.ToJsonString());
        (await _gateway.ManageAsync("GET", "/tyk/reload/?block=true")).ShouldBe(200);

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(403, "api_forbidden");
        (await _gateway.CallAsync("/old/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Decision_AllocatesNothing_WhenTheVerdictIsInMemory()
    {
        await using var keys = await KeySetServer.StartAsync(TokenSigner.New("RS256", "one"));
        var signer = TokenSigner.New("RS256", "two");
        keys.Publish(signer);
        await using var gateway = await JwtApis.StartAsync("rsa", keys.Url, setup: static setup => setup.Policy("gold", Definitions.Policy(["jwt"], """{"rate":1000000000,"per":60,"quota_max":1000000000000,"quota_renewal_rate":3600}""")));
        var enforcer = gateway.Services.GetRequiredService<Enforcer>();
        var api = gateway.Services.GetRequiredService<CatalogHolder>().Current.Apis["jwt"];
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/jwt/items";
        context.Request.Headers.Authorization = "Bearer " + signer.Sign(JwtApis.Claims(more: """{"email":"ann@example.org","groups":["one","two","three"],"iss":"https://issuer.example/tenant"}"""));
        Assert.Equal(RefusalReason.None, (await enforcer.DecideAsync(context, api, "/jwt")).Refusal);

        // As with opaque tokens: optimised code comes after a while, and a few decisions wait for a lease.
        var allocating = Decisions;
        for (var batch = 0; batch < MostBatches && allocating > Decisions / 1000; batch++)
        {
            allocating = 0;
            for (var i = 0; i < Decisions; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var deciding = enforcer.DecideAsync(context, api, "/jwt");
                var completed = deciding.IsCompletedSuccessfully;
                var after = GC.GetAllocatedBytesForCurrentThread();
                Assert.Equal(RefusalReason.None, (await deciding).Refusal);
                allocating += completed && after == before ? 0 : 1;
            }
        }

        Assert.InRange(allocating, 0, Decisions / 1000);
        Assert.Equal(1, keys.Asked);
    }

    private async Task ReloadAsync(Action<System.Text.Json.Nodes.JsonObject> change, string api)
    {
        var definition = JwtApis.Api(api, _gateway.Upstream.Url, "hmac", _signer.Source);
        if (api == "old")
        {
            definition["errors"] = "tyk";
        }

        change(definition);
        _gateway.Folder.Write($"config/apis/{api}.json", definition.ToJsonString());
        (await _gateway.ManageAsync("GET", "/tyk/reload/?block=true")).ShouldBe(200);
    }
}
