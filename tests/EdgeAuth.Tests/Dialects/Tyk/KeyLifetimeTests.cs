using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>How long keys are stored, which is not when they expire (spec c.4, j.15).</summary>
public sealed class KeyLifetimeTests
{
    [Theory]
    [InlineData("""{"session_lifetime":100}""", 100)]
    [InlineData("""{"session_lifetime":100,"expires":NOW+50}""", 100)]
    [InlineData("""{"session_lifetime":100,"expires":NOW+500}""", 100)]
    [InlineData("""{"expires":NOW+100,"post_expiry_action":"delete"}""", 100)]
    [InlineData("""{"expires":NOW+100,"post_expiry_action":"delete","session_lifetime":10}""", 100)]
    [InlineData("""{"expires":NOW+100,"post_expiry_action":"retain","post_expiry_grace_period":50}""", 150)]
    [InlineData("""{"expires":NOW+100,"post_expiry_action":"retain","post_expiry_grace_period":50,"session_lifetime":10}""", 150)]
    public async Task Key_IsForgotten_AfterItsLifetime(string session, int seconds)
    {
        await using var gateway = await StartAsync();
        var key = await CreateAsync(gateway, "plain", session);

        await ShouldLiveForAsync(gateway, "plain", key, seconds);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"session_lifetime":0}""")]
    [InlineData("""{"post_expiry_action":"delete"}""")]
    [InlineData("""{"post_expiry_action":"retain","post_expiry_grace_period":50}""")]
    [InlineData("""{"expires":NOW+100,"post_expiry_action":"retain","post_expiry_grace_period":-1}""")]
    public async Task Key_IsKept_WithoutALifetime(string session)
    {
        await using var gateway = await StartAsync();
        var key = await CreateAsync(gateway, "plain", session);

        gateway.Time.StepWallClock(TimeSpan.FromDays(400));

        (await gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200);
    }

    [Fact]
    public async Task ExpiredKey_IsToldThatItExpired_ForAnHourAtLeast()
    {
        await using var gateway = await StartAsync();
        var key = await CreateAsync(gateway, "plain", """{"expires":NOW+100}""");
        (await gateway.CallAsync("/plain/x", key)).ShouldBe(200);

        gateway.Time.Advance(TimeSpan.FromSeconds(100 + 3600));

        (await gateway.CallAsync("/plain/x", key)).ShouldBeRefused(401, "credential_expired");
        (await gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200);
    }

    [Fact]
    public async Task ExpiredToken_IsToldThatItExpired_ForAnHour()
    {
        await using var gateway = await StartAsync();
        var client = await gateway.CreateClientAsync("orders");
        var token = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        gateway.Time.Advance(TimeSpan.FromSeconds(3600 + 3599));
        (await gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_expired");
        gateway.Time.Advance(TimeSpan.FromSeconds(2));
        (await gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task Lifetime_BeginsAnewWithEachWrite()
    {
        await using var gateway = await StartAsync();
        var key = await CreateAsync(gateway, "plain", """{"session_lifetime":100}""");
        gateway.Time.Advance(TimeSpan.FromSeconds(90));

        (await gateway.ManageAsync("PUT", "/tyk/keys/" + key, Definitions.Session(["plain"], """{"session_lifetime":100}"""))).ShouldBe(200);

        await ShouldLiveForAsync(gateway, "plain", key, 100);
    }

    [Fact]
    public async Task Lifetime_IsTheApis_WhenTheKeyHasNone()
    {
        await using var gateway = await StartAsync();

        await ShouldLiveForAsync(gateway, "brief", await CreateAsync(gateway, "brief", "{}"), 60);
        await ShouldLiveForAsync(gateway, "brief", await CreateAsync(gateway, "brief", """{"session_lifetime":30}"""), 30);
    }

    [Fact]
    public async Task Lifetime_IsTheLongest_OfSeveralApis()
    {
        await using var gateway = await StartAsync();

        await ShouldLiveForAsync(gateway, "brief", await gateway.CreateKeyAsync(Definitions.Session(["brief", "longer"])), 90);

        // An API without a lifetime keeps keys for ever, which is longest.
        var kept = await gateway.CreateKeyAsync(Definitions.Session(["brief", "plain"]));
        gateway.Time.StepWallClock(TimeSpan.FromDays(1));
        (await gateway.CallAsync("/brief/x", kept)).ShouldBe(200);
    }

    [Theory]
    [InlineData("respectful", false)]
    [InlineData("brief", true)]
    public async Task Lifetime_IsNeverShorterThanTheExpiry_WhenThatIsRespected(string api, bool everywhere)
    {
        await using var gateway = await StartAsync(everywhere ? "session_lifetime_respects_key_expiration" : null);

        await ShouldLiveForAsync(gateway, api, await CreateAsync(gateway, api, """{"expires":NOW+30}"""), 60);
        await ShouldLiveForAsync(gateway, api, await CreateAsync(gateway, api, """{"expires":NOW+200}"""), 200);
        var endless = await CreateAsync(gateway, api, "{}");
        gateway.Time.StepWallClock(TimeSpan.FromDays(1));
        (await gateway.CallAsync($"/{api}/x", endless)).ShouldBe(200);
    }

    [Fact]
    public async Task Lifetime_IsTheGlobalOne_WhenThatIsForced()
    {
        await using var gateway = await StartAsync("force_global_session_lifetime");

        await ShouldLiveForAsync(gateway, "plain", await CreateAsync(gateway, "plain", """{"session_lifetime":10,"expires":NOW+1000,"post_expiry_action":"retain","post_expiry_grace_period":-1}"""), 45);
    }

    private static Task<TestGateway> StartAsync(string? setting = null) => TestGateway.StartAsync(
        static upstream =>
        [
            Definitions.Keys("plain", upstream),
            Definitions.Keys("brief", upstream).With("session_lifetime", 60),
            Definitions.Keys("longer", upstream).With("session_lifetime", 90),
            Definitions.Keys("respectful", upstream).With("session_lifetime", 60).With("session_lifetime_respects_key_expiration", true),
            Definitions.OAuth("orders", upstream),
        ],
        setup =>
        {
            setup.Set("EdgeAuth:Dialects:Tyk:global_session_lifetime", "45");
            if (setting is not null)
            {
                setup.Set("EdgeAuth:Dialects:Tyk:" + setting, "true");
            }
        });

    private static Task<string> CreateAsync(TestGateway gateway, string api, string session) =>
        gateway.CreateKeyAsync(Definitions.Session([api], JsonText(session, gateway.Time.GetUtcNow().ToUnixTimeSeconds())));

    private static string JsonText(string session, long now)
    {
        foreach (var offset in new[] { 30, 50, 100, 200, 500, 1000 })
        {
            session = session.Replace($"NOW+{offset},", $"{now + offset},", StringComparison.Ordinal).Replace($"NOW+{offset}}}", $"{now + offset}}}", StringComparison.Ordinal);
        }

        return session;
    }

    // Known up to its last second, whether it is shown or presented, and unknown within the next.
    private static async Task ShouldLiveForAsync(TestGateway gateway, string api, string key, int seconds)
    {
        gateway.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        (await gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200);
        Assert.NotEqual("credential_unknown", Code(await gateway.CallAsync($"/{api}/x", key)));
        gateway.Time.Advance(TimeSpan.FromSeconds(2));
        (await gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldFail(404, "Key not found");
        Assert.Equal("credential_unknown", Code(await gateway.CallAsync($"/{api}/x", key)));

        static string? Code(Answer answer) => answer.Status == 200 ? null : answer.Text("code");
    }
}
