using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>The keys of a JWKS: asked for once, anew when one is not known but at most once in ten seconds, kept while the source is down.</summary>
public sealed class JwksTests : IAsyncLifetime
{
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    private readonly TokenSigner _one = TokenSigner.New("ES256", "one");
    private readonly TokenSigner _two = TokenSigner.New("ES256", "two");
    private KeySetServer _keys = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _keys = await KeySetServer.StartAsync(_one);
        _gateway = await JwtApis.StartAsync("ecdsa", _keys.Url);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _keys.DisposeAsync();
    }

    [Fact]
    public async Task Keys_AreAskedForOnce_HoweverManyTokensAndApisNeedThem()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await CallAsync(_one, "user" + i, i % 2 == 0 ? "jwt" : "old")).ShouldBe(200)));
        await _gateway.ManageAsync("GET", "/tyk/reload/?block=true");
        (await CallAsync(_one, "ann")).ShouldBe(200);

        Assert.Equal(1, _keys.Asked);
    }

    [Fact]
    public async Task NewKey_Works_AfterOneMoreFetch()
    {
        (await CallAsync(_one)).ShouldBe(200);
        _gateway.Time.Advance(TenSeconds);
        _keys.Publish(_one, _two);

        (await CallAsync(_two)).ShouldBe(200);
        (await CallAsync(_one)).ShouldBe(200);

        Assert.Equal(2, _keys.Asked);
    }

    [Theory]
    [InlineData("RS256", "rsa")]
    [InlineData("ES256", "ecdsa")]
    public async Task KeysOfOneName_AllVerify(string algorithm, string family)
    {
        var (first, second) = (TokenSigner.New(algorithm, "same"), TokenSigner.New(algorithm, "same"));
        await using var keys = await KeySetServer.StartAsync(first, TokenSigner.New(algorithm, "other"), second);
        await using var gateway = await JwtApis.StartAsync(family, keys.Url);

        foreach (var signer in new[] { second, first })
        {
            (await gateway.CallAsync("/jwt/x", signer.Sign(JwtApis.Claims()))).ShouldBe(200);
        }

        (await gateway.CallAsync("/jwt/x", TokenSigner.New(algorithm, "same").Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
        (await gateway.CallAsync("/jwt/x", first.As(algorithm, "other").Sign(JwtApis.Claims()))).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task WithdrawnKey_EndsTheVerdictsMadeWithIt()
    {
        var token = _one.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _gateway.Time.Advance(TenSeconds);
        _keys.Publish(_two);

        (await CallAsync(_two)).ShouldBe(200);

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_unknown");
        Assert.Equal(2, _keys.Asked);
    }

    [Fact]
    public async Task WithdrawnKey_IsNoticed_AlsoWhenNothingNewIsSeen()
    {
        var token = _one.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _keys.Publish(_two);
        _gateway.Time.Advance(TimeSpan.FromSeconds(59));
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        _gateway.Time.Advance(TimeSpan.FromSeconds(1));

        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_unknown");
        Assert.Equal(2, _keys.Asked);
    }

    [Fact]
    public async Task KeyThatChangedUnderItsName_EndsTheVerdictsOfTheOldOne()
    {
        var token = _one.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        var next = TokenSigner.New("ES256", "one");
        _keys.Publish(next);
        _gateway.Time.Advance(TimeSpan.FromSeconds(60));

        (await CallAsync(next)).ShouldBe(200);
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task FloodOfUnknownKeys_AsksTheSourceAtMostOnceInTenSeconds()
    {
        (await CallAsync(_one)).ShouldBe(200);
        for (var second = 1; second <= 35; second++)
        {
            _gateway.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await CallAsync(_two.As("ES256", $"{second}-{i}"))).ShouldBeRefused(401, "credential_unknown")));
            (await CallAsync(_one)).ShouldBe(200);
        }

        Assert.Equal(1 + 3, _keys.Asked);
    }

    [Fact]
    public async Task FloodOfWrongSignatures_AsksTheSourceNotAtAll()
    {
        (await CallAsync(_one)).ShouldBe(200);
        for (var second = 1; second <= 30; second++)
        {
            _gateway.Time.Advance(TimeSpan.FromSeconds(1));
            (await CallAsync(TokenSigner.New("ES256", "one"))).ShouldBeRefused(401, "credential_unknown");
            (await _gateway.CallAsync("/jwt/x", "a.b.c" + second)).ShouldBeRefused(401, "credential_malformed");
        }

        Assert.Equal(1, _keys.Asked);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("")]
    [InlineData("huge")]
    public async Task KnownKeys_Stay_WhileTheSourceIsDown(string trouble)
    {
        (await CallAsync(_one)).ShouldBe(200);
        var before = _keys.Document;
        _keys.IsDown = trouble == "down";
        _keys.Document = trouble == "huge" ? new JsonObject { ["keys"] = new JsonArray(), ["pad"] = new string('x', 2 * 1024 * 1024) }.ToJsonString() : trouble;

        for (var minute = 1; minute <= 3; minute++)
        {
            _gateway.Time.Advance(TimeSpan.FromMinutes(1));
            (await CallAsync(_one, "user" + minute)).ShouldBe(200);
        }

        // Whether a key that is not known is a good one cannot be said.
        (await CallAsync(_two)).ShouldBeRefused(503, "store_unavailable");
        Assert.Single(_gateway.Logs.Lines, static line => line.Text.Contains("JWKS", StringComparison.Ordinal));

        (_keys.IsDown, _keys.Document) = (false, before);
        _gateway.Time.Advance(TenSeconds);
        (await CallAsync(_two)).ShouldBeRefused(401, "credential_unknown");
        (await CallAsync(_one)).ShouldBe(200);
    }

    [Fact]
    public async Task FailingSource_IsAskedAtMostOnceInTenSeconds_AlsoBeforeItEverAnswered()
    {
        _keys.IsDown = true;
        for (var second = 0; second < 25; second++)
        {
            var answer = (await CallAsync(_one)).ShouldBeRefused(503, "store_unavailable");
            Assert.Equal("1", answer.Header("Retry-After"));
            _gateway.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, _keys.Asked);
        _keys.IsDown = false;
        _gateway.Time.Advance(TimeSpan.FromSeconds(5));
        (await CallAsync(_one)).ShouldBe(200);
    }

    [Fact]
    public async Task SlowSource_HoldsUpNobodyWhoseKeyIsKnown()
    {
        var token = _one.Sign(JwtApis.Claims());
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        var gate = new TaskCompletionSource();
        _keys.Gate = gate.Task;
        _gateway.Time.Advance(TenSeconds);

        var waiting = CallAsync(_two);
        await Eventually.HoldsAsync(() => _keys.Asked == 2);
        (await _gateway.CallAsync("/jwt/x", token)).ShouldBe(200);
        (await CallAsync(_one, "ben")).ShouldBe(200);
        Assert.False(waiting.IsCompleted);
        gate.SetResult();

        (await waiting).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var elsewhere = await KeySetServer.StartAsync(_one);
        await using var server = await Upstream.StartAsync();
        server.Answer = context =>
        {
            context.Response.Redirect(elsewhere.Url);
            return Task.CompletedTask;
        };
        await using var gateway = await JwtApis.StartAsync("ecdsa", server.Url + "/keys");

        (await gateway.CallAsync("/jwt/x", _one.Sign(JwtApis.Claims()))).ShouldBeRefused(503, "store_unavailable");
        Assert.Equal(0, elsewhere.Asked);
    }

    private Task<Answer> CallAsync(TokenSigner signer, string subject = "ann", string api = "jwt") =>
        _gateway.CallAsync($"/{api}/x", signer.Sign(JwtApis.Claims(subject)));
}
