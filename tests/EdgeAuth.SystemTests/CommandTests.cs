using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>The commands as a person runs them.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Demo_WalksThroughTheProduct_AndLeavesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-demo-test-");
        try
        {
            var (exitCode, output) = await RunningProcess.RunAsync(
                "dotnet", [Repository.GatewayDll, "demo", "--exit"], folder.FullName, patience: TimeSpan.FromSeconds(30));

            Assert.True(exitCode == 0, output);
            Assert.Contains("every step answered as expected", output, StringComparison.Ordinal);
            Assert.Equal(20, output.Split('\n').Count(static line => line.StartsWith("GET", StringComparison.Ordinal) || line.StartsWith("POST", StringComparison.Ordinal) || line.StartsWith("DELETE", StringComparison.Ordinal)));
            Assert.Empty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Check_PassesTheSample()
    {
        var (exitCode, output) = await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "check", "--config", Path.Combine(Repository.Root, "config")]);

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("ok", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_StopsGracefully_AndReturnsItsLeases()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString());
        await gateway.StartAsync();
        var (_, created) = await gateway.ManageAsync("POST", "/tyk/keys/create", System.Text.Json.Nodes.JsonNode.Parse("""
            {"quota_max":1000,"quota_renewal_rate":3600,"access_rights":{"items":{"api_id":"items"}}}
            """)!);
        var key = System.Text.Json.JsonElement.Parse(created).GetProperty("key").GetString()!;
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(200, (await gateway.CallAsync("/items/x", key)).Status);
        }

        Assert.Equal(0, await gateway.StopAsync());
        await gateway.StartAsync();

        var (_, shown) = await gateway.ManageAsync("GET", "/tyk/keys/" + key);
        Assert.Equal(993, System.Text.Json.JsonElement.Parse(shown).GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task Health_TellsWhetherAGatewayIsReady()
    {
        await using var gateway = new GatewayProcess();
        await gateway.StartAsync();

        Assert.Equal(0, (await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "health", "--url", gateway.Url])).ExitCode);
        Assert.Equal(1, (await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "health", "--url", $"http://127.0.0.1:{Ports.Free()}"])).ExitCode);
    }

    // In a container nobody tells it where the gateway listens; any host means this one.
    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://+:{0}")]
    [InlineData("ASPNETCORE_URLS", "http://*:{0};http://127.0.0.1:1")]
    [InlineData("URLS", "http://0.0.0.0:{0}")]
    public async Task Health_FindsTheAddressInTheEnvironment(string name, string urls)
    {
        await using var gateway = new GatewayProcess();
        await gateway.StartAsync();
        var environment = new Dictionary<string, string> { [name] = urls.Replace("{0}", new Uri(gateway.Url).Port.ToString(), StringComparison.Ordinal) };

        var (exitCode, output) = await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "health"], environment: environment);

        Assert.True(exitCode == 0, output);
        Assert.Contains("\"status\":\"pass\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_IsRefused_WhileTheGatewayDoesNotAnswerAsOne()
    {
        await using var other = await StaticUpstream.StartAsync(static context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });

        Assert.Equal(1, (await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "health", "--url", other.Url])).ExitCode);
    }
}
