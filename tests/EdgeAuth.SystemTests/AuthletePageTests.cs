using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>The calls of docs/coming-from-authlete.md work as pasted, on the sample as it stands.</summary>
public sealed class AuthletePageTests
{
    [Fact]
    public async Task Calls_WorkAsPasted()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var gateway = new GatewayProcess();
        Docs.CopySample(gateway, upstream.Url);
        await gateway.StartAsync();

        var (exitCode, output) = await RunningProcess.RunAsync("bash", ["-c", await Docs.ScriptAsync("docs/coming-from-authlete.md", gateway)]);

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            ["OK", "the API says 200", "the API says 401", "the API says 200", "1", "the API says 401", "204", "404"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(2, upstream.Count);
    }
}
