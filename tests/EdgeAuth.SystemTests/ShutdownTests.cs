using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>A service manager's SIGTERM and a person's Ctrl-C let what runs come to its end.</summary>
public sealed class ShutdownTests
{
    // Longer than the two seconds after which a command line's own handling of signals would give up.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Serve_FinishesARequestInFlight_WhenItIsToldToEnd()
    {
        await using var upstream = await HeldUpstream.StartAsync();
        await using var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString());
        await gateway.StartAsync();
        var key = await CrashTests.CreateKeyAsync(gateway, """{"quota_max":1000,"quota_renewal_rate":3600,"access_rights":{"items":{"api_id":"items"}}}""");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await gateway.CallAsync("/items/x", key)).Status);
        }

        var inFlight = gateway.CallAsync("/items/held", key);
        await upstream.Arrived;
        var stopping = gateway.StopAsync();
        await Task.Delay(Long);
        Assert.False(stopping.IsCompleted, "it did not wait for the request");
        upstream.Release();

        Assert.Equal((200, "ok"), await inFlight);
        Assert.Equal(0, await stopping);
        await gateway.StartAsync();
        var (_, shown) = await gateway.ManageAsync("GET", "/tyk/keys/" + key);
        Assert.Equal(996, JsonElement.Parse(shown).GetProperty("quota_remaining").GetInt64());
    }

    [Theory]
    [InlineData("goes on serving", 0)]
    [InlineData("exchange the code", 1)]
    public async Task Demo_EndsByItself_OnCtrlC(string after, int expected)
    {
        await using var demo = RunningProcess.Start("dotnet", [Repository.GatewayDll, "demo", "--urls", "http://127.0.0.1:0"]);
        await demo.WaitForAsync(after);

        (await RunningProcess.RunAsync("kill", ["-INT", demo.Id.ToString()])).ExitCode.ShouldBeZero();

        Assert.Equal(expected, await demo.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain("Unhandled exception", demo.Output, StringComparison.Ordinal);
    }
}
