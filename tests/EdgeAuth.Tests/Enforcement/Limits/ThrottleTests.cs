using System.Text.Json.Nodes;
using EdgeAuth.Enforcement;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Requests that are refused for their rate are held and tried again, where their key says so (spec d.6).</summary>
public sealed class ThrottleTests : IAsyncLifetime
{
    private const string Throttled = """{"rate":2,"per":3,"quota_max":100,"quota_renewal_rate":3600,"throttle_interval":1,"throttle_retry_limit":4}""";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        static upstream => [Definitions.Keys("one", upstream), Definitions.Keys("vintage", upstream).With("errors", "tyk")],
        static setup => setup.Set("EdgeAuth:Limits:MaxHeld", "3"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    // What else comes due every second.
    private int _others;

    private HeldRequests Held => _gateway.Services.GetRequiredService<HeldRequests>();

    [Fact]
    public async Task HeldRequest_PassesOnceAPermitIsFree_AndConsumesOnce()
    {
        var key = await KeyAsync(Throttled);
        await SpendAsync(key, 2);

        var holding = _gateway.CallAsync("/one/x", key);
        await WaitAsync(2);
        Assert.False(holding.IsCompleted);
        await WaitAsync(1);
        var passed = (await Eventually.ComesAsync(holding)).ShouldBe(200);

        Assert.Equal("\"rate\";r=1;t=3, \"quota\";r=97;t=3597", passed.Header("RateLimit"));
        Assert.Equal(3, _gateway.Upstream.Requests.Count);
        Assert.Equal(0, Held.Count);
    }

    // n retries are n + 1 waits.
    [Theory]
    [InlineData("one")]
    [InlineData("vintage")]
    public async Task HeldRequest_IsRefused_AfterOneWaitMoreThanItsRetries(string api)
    {
        var key = await KeyAsync("""{"rate":2,"per":60,"quota_max":100,"quota_renewal_rate":3600,"throttle_interval":1,"throttle_retry_limit":2}""");
        await SpendAsync(key, 2);

        var holding = _gateway.CallAsync($"/{api}/x", key);
        await WaitAsync(2);
        Assert.False(holding.IsCompleted);
        await WaitAsync(1);
        var refused = (await Eventually.ComesAsync(holding)).ShouldBe(429);

        Assert.Equal("57", refused.Header("Retry-After"));
        Assert.Equal(98, await RemainingAsync(key));
    }

    [Theory]
    [InlineData("""{"rate":1,"per":60,"throttle_interval":-1,"throttle_retry_limit":4}""")]
    [InlineData("""{"rate":1,"per":60,"throttle_interval":0,"throttle_retry_limit":4}""")]
    [InlineData("""{"rate":1,"per":60,"throttle_interval":1,"throttle_retry_limit":-1}""")]
    [InlineData("""{"rate":1,"per":60,"throttle_interval":1,"throttle_retry_limit":0}""")]
    [InlineData("""{"rate":9,"per":60,"quota_max":1,"quota_renewal_rate":60,"throttle_interval":1,"throttle_retry_limit":4}""")]
    public async Task Request_IsRefusedAtOnce_WithoutThrottlingOrForItsQuota(string rules)
    {
        var key = await KeyAsync(rules);
        await SpendAsync(key, 1);

        (await _gateway.CallAsync("/one/x", key)).ShouldBe(429);
    }

    [Fact]
    public async Task PairOfTheLimitInForce_Counts()
    {
        var session = Definitions.Session(["one", "vintage"], """{"rate":1,"per":60,"throttle_interval":1,"throttle_retry_limit":4}""");
        session["access_rights"]!["one"]!["limit"] = JsonNode.Parse("""{"rate":1,"per":60}""");
        var key = await _gateway.CreateKeyAsync(session);
        await SpendAsync(key, 1);

        // The limit of this API says nothing of throttling.
        (await _gateway.CallAsync("/one/x", key)).ShouldBe(429);
        (await _gateway.CallAsync("/vintage/x", key)).ShouldBe(200);
        var holding = _gateway.CallAsync("/vintage/x", key);
        await WaitAsync(5);
        (await Eventually.ComesAsync(holding)).ShouldBe(429);
    }

    [Fact]
    public async Task KeyRevokedMeanwhile_IsRefusedAsRevoked()
    {
        var key = await KeyAsync(Throttled);
        await SpendAsync(key, 2);
        var holding = _gateway.CallAsync("/one/x", key);
        await HoldsAsync(1);

        (await _gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).ShouldBe(200);
        await WaitAsync(1);

        (await Eventually.ComesAsync(holding)).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task Held_AreBounded_AndTheRestIsRefusedAtOnce()
    {
        var key = await KeyAsync(Throttled);
        await SpendAsync(key, 2);
        var holding = Enumerable.Range(0, 3).Select(_ => _gateway.CallAsync("/one/x", key)).ToList();
        await HoldsAsync(3);

        (await _gateway.CallAsync("/one/x", key)).ShouldBeRefused(429, "rate_exceeded");
        Assert.Equal(3, Held.Count);

        await WaitAsync(5);
        var answers = await Task.WhenAll(holding.Select(Eventually.ComesAsync));
        Assert.Equal(2, answers.Count(static answer => answer.Status == 200));
        Assert.Equal(0, Held.Count);
        Assert.Equal(96, await RemainingAsync(key));
    }

    [Fact]
    public async Task CallerWhoGoesAway_IsHeldNoLonger_AndChargedToNothing()
    {
        var key = await KeyAsync(Throttled);
        await SpendAsync(key, 2);
        using var cancel = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/one/x");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        var holding = _gateway.Http.SendAsync(request, cancel.Token);
        await HoldsAsync(1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding);

        await Eventually.HoldsAsync(() => Held.Count == 0);
        Assert.Equal(98, await RemainingAsync(key));
        Assert.Equal(2, _gateway.Upstream.Requests.Count);
    }

    [Fact]
    public async Task StoppingHost_HoldsNobodyBack()
    {
        var key = await KeyAsync(Throttled);
        await SpendAsync(key, 2);
        var holding = _gateway.CallAsync("/one/x", key);
        await HoldsAsync(1);

        _gateway.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();

        (await Eventually.ComesAsync(holding)).ShouldBe(429);
    }

    private Task<string> KeyAsync(string rules) => _gateway.CreateKeyAsync(Definitions.Session(["one", "vintage"], rules));

    private async Task SpendAsync(string key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await _gateway.CallAsync("/one/x", key)).ShouldBe(200);
        }

        _others = _gateway.Time.CountIn(Second);
    }

    private Task HoldsAsync(int count) => Eventually.HoldsAsync(() => Held.Count == count);

    // Moves the clock second by second; whoever is held has begun to wait for the next one before it passes.
    private async Task WaitAsync(int seconds)
    {
        await Eventually.HoldsAsync(() => Held.Count > 0);
        for (var i = 0; i < seconds; i++)
        {
            await Eventually.HoldsAsync(() => Held.Count == 0 || _gateway.Time.CountIn(Second) >= _others + Held.Count);
            _gateway.Time.Advance(Second);
        }
    }

    private async Task<long> RemainingAsync(string key) =>
        (await _gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json.GetProperty("quota_remaining").GetInt64();
}
