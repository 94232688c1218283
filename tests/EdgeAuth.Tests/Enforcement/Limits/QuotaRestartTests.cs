using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Quotas across restarts on the same database; rates start anew with the process.</summary>
public sealed class QuotaRestartTests
{
    [Fact]
    public async Task GracefulRestart_LosesNoPermit_AndGivesNone()
    {
        await using var first = await TestGateway.StartAsync(LimitedGateway.Apis);
        var key = await LimitedGateway.CreateKeyAsync(first, """{"quota_max":20,"quota_renewal_rate":3600}""");
        Assert.Equal(3, await LimitedGateway.CountAsync(first, "/one/x", key, most: 3));

        await using var second = await first.RestartAsync();
        Assert.Equal(4, await LimitedGateway.CountAsync(second, "/one/x", key, most: 4));
        await using var third = await second.RestartAsync();
        Assert.Equal(13, await LimitedGateway.CountAsync(third, "/one/x", key));

        await using var fourth = await third.RestartAsync();
        var refused = (await fourth.CallAsync("/one/x", key)).ShouldBeRefused(429, "quota_exceeded");
        Assert.Equal("3600", refused.Header("Retry-After"));
        fourth.Time.Advance(TimeSpan.FromSeconds(3600));
        Assert.Equal(20, await LimitedGateway.CountAsync(fourth, "/one/x", key));
    }

    [Fact]
    public async Task Crash_CostsAtMostTheLease_AndGivesNothing()
    {
        await using var first = await TestGateway.StartAsync(LimitedGateway.Apis);
        var key = await LimitedGateway.CreateKeyAsync(first, """{"quota_max":100,"quota_renewal_rate":0}""");

        // Fast enough for the next leases to hold several permits, which are lost.
        Assert.Equal(30, await LimitedGateway.CountAsync(first, "/one/x", key));
        await using var second = await first.RestartAfterCrashAsync();
        var left = await LimitedGateway.CountAsync(second, "/one/x", key, most: 200);

        // A lease holds at most a tenth of what was left when it was granted: at most 10 of 100.
        Assert.InRange(left, 60, 70);
        (await second.CallAsync("/one/x", key)).ShouldBeRefused(429, "quota_exceeded");
    }

    [Fact]
    public async Task Period_GoesOnAcrossARestart()
    {
        await using var first = await TestGateway.StartAsync(LimitedGateway.Apis);
        var key = await LimitedGateway.CreateKeyAsync(first, """{"quota_max":2,"quota_renewal_rate":100}""");
        (await first.CallAsync("/one/x", key)).ShouldBe(200);
        first.Time.Advance(TimeSpan.FromSeconds(40));

        await using var second = await first.RestartAsync();
        var answer = (await second.CallAsync("/one/x", key)).ShouldBe(200);

        Assert.Equal("\"quota\";r=0;t=60", answer.Header("RateLimit"));
        second.Time.Advance(TimeSpan.FromSeconds(59));
        (await second.CallAsync("/one/x", key)).ShouldBeRefused(429, "quota_exceeded");
        second.Time.Advance(TimeSpan.FromSeconds(1));
        (await second.CallAsync("/one/x", key)).ShouldBe(200);
    }

    [Fact]
    [Trait(TestStore.Trait, TestStore.EmbeddedOnly)]
    public async Task Rate_StartsAnewWithTheProcess()
    {
        await using var first = await TestGateway.StartAsync(LimitedGateway.Apis);
        var key = await LimitedGateway.CreateKeyAsync(first, """{"rate":2,"per":3600}""");
        Assert.Equal(2, await LimitedGateway.CountAsync(first, "/one/x", key));

        await using var second = await first.RestartAsync();

        Assert.Equal(2, await LimitedGateway.CountAsync(second, "/one/x", key));
    }
}
