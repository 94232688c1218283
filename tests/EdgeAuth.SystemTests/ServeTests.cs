using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests;

/// <summary>A gateway from its first line to its last.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task Banner_SaysWhatIsServed()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var gateway = new GatewayProcess();
        var port = Ports.Free();
        gateway.Arguments.Add($"--EdgeAuth:Management:Port={port}");
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString());
        gateway.Write("apis/orders.json", Definitions.OAuth("orders", upstream.Url).ToJsonString().Replace("\"/orders/\"", "\"/shop/\"", StringComparison.Ordinal));

        await gateway.StartAsync();
        await UntilWrittenAsync(gateway, "API orders");

        Assert.Matches($@"EdgeAuth \d+\.\d+\.\d+ serves {gateway.ConfigDirectory} on {gateway.Url}, http://127\.0\.0\.1:{port}\n", gateway.Output);
        Assert.Contains($"API items at /items/ to {upstream.Url}, keys", gateway.Output, StringComparison.Ordinal);
        Assert.Contains($"API orders at /shop/ and /orders/ to {upstream.Url}, OAuth tokens", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("no secret is set", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayProcess.Secret, gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingSecret_ClosesManagement_AndTheLogSaysHowToSetOne()
    {
        await using var gateway = new GatewayProcess();
        gateway.Environment.Remove("EdgeAuth__Management__Secret");

        await gateway.StartAsync();
        await UntilWrittenAsync(gateway, "no secret is set. Set one with EdgeAuth__Management__Secret and start again");

        Assert.Equal(403, (await gateway.ManageAsync("GET", "/tyk/reload")).Status);
        Assert.Contains("No API is defined: put definitions into ", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonLogs_AreJsonLines()
    {
        await using var gateway = new GatewayProcess();
        gateway.Environment["EdgeAuth__Telemetry__LogFormat"] = "json";

        await gateway.StartAsync();
        await UntilWrittenAsync(gateway, " serves ");
        Assert.Equal(0, await gateway.StopAsync());

        var lines = gateway.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line)).ToList();
        var started = Assert.Single(lines, static line => line.GetProperty("EventId").GetInt32() == 1);
        Assert.Equal("EdgeAuth", started.GetProperty("Category").GetString());
        Assert.Equal(gateway.ConfigDirectory, started.GetProperty("State").GetProperty("Directory").GetString());
    }

    // Relative paths mean the working directory, wherever the program's own files are.
    [Fact]
    public async Task WorkingDirectory_IsWhereRelativePathsBegin()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var gateway = new GatewayProcess { ConfigArgument = "config" };
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "appsettings.json"), """{"EdgeAuth":{"Enforcement":{"Errors":"tyk"}}}""");

        await gateway.StartAsync();

        Assert.True(File.Exists(Path.Combine(gateway.Folder, "data/edgeauth.db")));
        var (status, body) = await gateway.CallAsync("/items/x", "unknown");
        Assert.Equal(403, status);
        Assert.Contains("\"error\"", body, StringComparison.Ordinal);
    }

    // Each source is given a value that is refused: the one named in the refusal is the one that won.
    [Fact]
    public async Task Configuration_LaterSourcesWin()
    {
        const string Key = "EdgeAuth:Enforcement:Errors";
        await using var gateway = new GatewayProcess();
        var (settings, arguments, environment) = (Path.Combine(gateway.Folder, "appsettings.json"), new List<string>(), new Dictionary<string, string>());
        async Task<string> WinnerAsync()
        {
            var (_, output) = await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "check", "--config", gateway.ConfigDirectory, .. arguments], gateway.Folder, environment);
            return output.Contains("$.EdgeAuth.Enforcement.Errors = \"", StringComparison.Ordinal) ? output.Split("Errors = \"")[1].Split('"')[0] : output.Trim();
        }

        Assert.Equal("ok", await WinnerAsync());
        await File.WriteAllTextAsync(settings, """{"EdgeAuth":{"Enforcement":{"Errors":"appsettings"}}}""");
        Assert.Equal("appsettings", await WinnerAsync());
        gateway.Write("gateway.json", """{"EdgeAuth":{"Enforcement":{"Errors":"gateway"}}}""");
        Assert.Equal("gateway", await WinnerAsync());
        environment["EdgeAuth__Enforcement__Errors"] = "environment";
        Assert.Equal("environment", await WinnerAsync());
        arguments.Add($"--{Key}=command line");
        Assert.Equal("command line", await WinnerAsync());
    }

    [Fact]
    public async Task Stop_LetsARunningRequestEnd()
    {
        var (reached, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var upstream = await StaticUpstream.StartAsync(async context =>
        {
            reached.TrySetResult();
            await finish.Task;
            await context.Response.WriteAsync("finished");
        });
        await using var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString());
        await gateway.StartAsync();
        var key = await CrashTests.CreateKeyAsync(gateway, """{"quota_max":1000,"quota_renewal_rate":3600,"access_rights":{"items":{"api_id":"items"}}}""");
        var running = gateway.CallAsync("/items/slow", key);
        await reached.Task;

        await gateway.TerminateAsync();
        await UntilRefusedAsync(gateway);
        Assert.False(running.IsCompleted);
        finish.SetResult();

        Assert.Equal((200, "finished"), await running);
        Assert.Equal(0, await gateway.WaitAsync());
        await gateway.StartAsync();
        var (_, shown) = await gateway.ManageAsync("GET", "/tyk/keys/" + key);
        Assert.Equal(999, JsonElement.Parse(shown).GetProperty("quota_remaining").GetInt64());
    }

    // The log is written by another thread than the one that answers.
    private static async Task UntilWrittenAsync(GatewayProcess gateway, string text)
    {
        for (var attempt = 0; attempt < 200 && !gateway.Output.Contains(text, StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(50);
        }

        Assert.Contains(text, gateway.Output, StringComparison.Ordinal);
    }

    private static async Task UntilRefusedAsync(GatewayProcess gateway)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var probe = new System.Net.Sockets.TcpClient();
                await probe.ConnectAsync("127.0.0.1", new Uri(gateway.Url).Port);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("the gateway still listens");
    }
}
