using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>The README's flow works as pasted: the block is taken from it and run, with the addresses of this run.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Flow_WorksAsPasted()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var gateway = new GatewayProcess();
        Docs.CopySample(gateway, upstream.Url);
        await gateway.StartAsync();

        var (exitCode, output) = await RunningProcess.RunAsync("bash", ["-c", await Docs.ScriptAsync("README.md", gateway)]);

        Assert.True(exitCode == 0, output);
        Assert.Matches("HTTP/1.1 200 OK", output);
        Assert.Matches("RateLimit: \"rate\";r=4;t=1, \"quota\";r=99;t=3600", output);
        Assert.Contains("token revoked successfully", output, StringComparison.Ordinal);
        Assert.EndsWith("HTTP/1.1 401 Unauthorized", output.Trim(), StringComparison.Ordinal);
        Assert.Equal(1, upstream.Count);
    }

    [Fact]
    public async Task Demo_WorksAsPasted()
    {
        var (exitCode, output) = await RunningProcess.RunAsync("bash", ["-c", await CommandAsync("demo") + " --exit"]);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Serve_WorksAsPasted_InTheDirectoryItIsCalledFrom()
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-readme-");
        try
        {
            await RunningProcess.RunAsync("cp", ["-r", Path.Combine(Repository.Root, "config"), folder.FullName]);
            var url = $"http://127.0.0.1:{Ports.Free()}";

            await using var gateway = RunningProcess.Start("bash", ["-c", $"{await CommandAsync("serve")} --urls {url}"], folder.FullName);
            await gateway.WaitForAsync("API status");

            Assert.Contains(Path.Combine(folder.FullName, "config"), gateway.Output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "data/edgeauth.db")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The line with a command of the gateway, on what this test run has built.
    private static async Task<string> CommandAsync(string command)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md"));
        var line = Assert.Single(lines, line => line.Contains("dotnet run", StringComparison.Ordinal) && line.EndsWith("-- " + command, StringComparison.Ordinal));
        return line.Replace("src/EdgeAuth.Gateway", $"'{Path.Combine(Repository.Root, "src/EdgeAuth.Gateway")}' --no-build", StringComparison.Ordinal);
    }
}
