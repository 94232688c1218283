using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>The demo shows the same wherever it runs: settings meant for a gateway of the user's own do not reach it.</summary>
public sealed class DemoSettingsTests
{
    [Fact]
    public async Task Demo_Passes_WhereAnotherGatewayIsConfigured()
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-demo-settings-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "appsettings.json"),
                """{"EdgeAuth":{"Enforcement":{"Errors":"tyk"},"Management":{"Port":9000},"OAuth":{"AccessTokenLifetime":"nonsense"}}}""");
            var environment = new Dictionary<string, string>
            {
                ["EdgeAuth__Enforcement__Errors"] = "tyk",
                ["EdgeAuth__Management__Port"] = "9000",
                ["EdgeAuth__Management__Secret"] = "another",
                ["HTTP_PROXY"] = $"http://127.0.0.1:{Ports.Free()}",
            };

            var (exitCode, output) = await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "demo", "--exit"], folder.FullName, environment, TimeSpan.FromSeconds(30));

            Assert.True(exitCode == 0, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
