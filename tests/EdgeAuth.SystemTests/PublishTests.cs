using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>
/// The image, as far as it can be tried without a container engine: the Dockerfile's own publish command, and its result run by another user
/// from a program folder that cannot be written.
/// </summary>
public sealed partial class PublishTests
{
    private const string User = "nobody";

    [Fact]
    public async Task PublishedGateway_RunsAsAnotherUser_WithAReadOnlyProgramFolder()
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-publish-").FullName;
        try
        {
            var program = Path.Combine(folder, "app");
            await PublishAsync(program);
            var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
            var home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
            await ShellAsync($"cp -r '{Repository.Root}/config' '{folder}/config' && chmod -R a+rX,a-w '{program}' '{folder}/config' && chmod a+rx '{folder}' && chown {User} '{data}' '{home}' && chmod 500 '{home}'");
            var url = $"http://127.0.0.1:{Ports.Free()}";
            var variables = DockerEnvironment().Replace("/data/", data + "/", StringComparison.Ordinal);

            await using var gateway = RunningProcess.Start("su", ["-s", "/bin/bash", User, "-c",
                $"cd / && exec env HOME='{home}' {variables} ASPNETCORE_URLS={url} EdgeAuth__Management__Secret=s dotnet '{program}/EdgeAuth.Gateway.dll' serve --config '{folder}/config'"]);

            await WaitUntilHealthyAsync(program, url, gateway);
            Assert.True(File.Exists(Path.Combine(data, "edgeauth.db")), "the database stands where the image's volume is");
            Assert.Contains("serves", gateway.Output, StringComparison.Ordinal);
        }
        finally
        {
            await ShellAsync($"chmod -R u+rwX '{folder}'");
            Directory.Delete(folder, recursive: true);
        }
    }

    // The line of the Dockerfile itself, with its output directory replaced.
    private static async Task PublishAsync(string output)
    {
        var command = PublishCommand().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile")));
        Assert.True(command.Success, "the Dockerfile has a publish command");
        await ShellAsync($"cd '{Repository.Root}' && {command.Groups["command"].Value.Replace("/app", $"'{output}'", StringComparison.Ordinal)}", TimeSpan.FromMinutes(5));
    }

    private static string DockerEnvironment()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));
        var variables = string.Join(' ', lines.Where(static line => line.StartsWith("ENV ", StringComparison.Ordinal)).Select(static line => line[4..]).Where(static line => !line.StartsWith("ASPNETCORE_", StringComparison.Ordinal)));
        Assert.Contains("EdgeAuth__Storage__Sqlite__Path=/data/edgeauth.db", variables, StringComparison.Ordinal);
        return variables;
    }

    private static async Task WaitUntilHealthyAsync(string program, string url, RunningProcess gateway)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1);)
        {
            Assert.False(gateway.HasExited, gateway.Output);
            var (exitCode, _) = await RunningProcess.RunAsync("dotnet", [Path.Combine(program, "EdgeAuth.Gateway.dll"), "health", "--url", url]);
            if (exitCode == 0)
            {
                return;
            }
        }

        Assert.Fail("it did not become healthy: " + gateway.Output);
    }

    private static async Task ShellAsync(string command, TimeSpan? patience = null)
    {
        var (exitCode, output) = await RunningProcess.RunAsync("bash", ["-c", command], patience: patience);
        Assert.True(exitCode == 0, output);
    }

    [GeneratedRegex(@"^RUN (?<command>dotnet publish [^\n]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PublishCommand();
}
