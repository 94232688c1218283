using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>What the commands say of themselves, and of options they do not have.</summary>
public sealed class OptionTests
{
    [Theory]
    [InlineData("", "serve", "check", "demo", "health")]
    [InlineData("serve", "--config <DIR>", "--urls <URLS>", "[default: config]")]
    [InlineData("check", "--config <DIR>", "[default: config]")]
    [InlineData("demo", "--exit", "--urls <URLS>")]
    [InlineData("health", "--url <URL>", "http://localhost:5000")]
    public async Task Help_NamesWhatThereIs(string command, params string[] words)
    {
        var (exitCode, output) = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, exitCode);
        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no-such-command", "'no-such-command'")]
    [InlineData("demo --no-such-option", "'--no-such-option'")]
    [InlineData("health --no-such-option", "'--no-such-option'")]
    [InlineData("serve --no-such-option", "\"--no-such-option\" is neither an option nor a setting")]
    [InlineData("serve --confg x", "\"--confg\" is neither an option nor a setting")]
    [InlineData("serve stray", "\"stray\" is neither an option nor a setting")]
    [InlineData("check --no-such-option", "\"--no-such-option\" is neither an option nor a setting")]
    [InlineData("serve --config nowhere", "nowhere does not exist. Give it with --config DIR.")]
    [InlineData("check --config nowhere", "nowhere does not exist. Give it with --config DIR.")]
    [InlineData("serve --config . --urls nonsense", "\"nonsense\" is not an address to listen on")]
    [InlineData("serve --config . --urls http://127.0.0.1:99999", "\"http://127.0.0.1:99999\" is not an address to listen on")]
    [InlineData("demo --exit --urls nonsense", "\"nonsense\" is not an address to listen on")]
    [InlineData("serve --config . --EdgeAuth:Managment:Port=1", "$.EdgeAuth.Managment: is not a known key; did you mean Management?")]
    [InlineData("check --config . --EdgeAuth:Managment:Port=1", "$.EdgeAuth.Managment: is not a known key; did you mean Management?")]
    [InlineData("health --url nonsense", "\"nonsense\" is not the address of a gateway")]
    public async Task WhatDoesNotExist_IsNamed(string arguments, string message)
    {
        var (exitCode, output) = await RunAsync(arguments.Split(' '));

        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    // In an empty directory of its own, which stays empty.
    private static async Task<(int ExitCode, string Output)> RunAsync(string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-options-");
        try
        {
            var result = await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, .. arguments], folder.FullName);
            Assert.Empty(folder.EnumerateFileSystemInfos());
            return result;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
