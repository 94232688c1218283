using System.Net;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>Where the gateway listens, however that is configured, and what it says when it cannot.</summary>
public sealed class ListenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeauth-listen-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Serve_WithEndpointsThatLackManagementsPort_DoesNotStart()
    {
        var (exitCode, output) = await ServeAsync(
            "--EdgeAuth:Management:Port=9100", $"--Kestrel:Endpoints:Traffic:Url=http://127.0.0.1:{Ports.Free()}");

        Assert.Equal(1, exitCode);
        Assert.Equal(
            "EdgeAuth:Management:Port is 9100, but no endpoint of Kestrel:Endpoints has that port; add one, such as Kestrel:Endpoints:Management:Url=http://127.0.0.1:9100",
            Assert.Single(Said(output)));
    }

    [Fact]
    public async Task Serve_WithAnEndpointForManagement_AnswersItThereOnly()
    {
        var (traffic, management) = (Ports.Free(), Ports.Free());
        await using var gateway = Start(
            [$"--EdgeAuth:Management:Port={management}", $"--Kestrel:Endpoints:Traffic:Url=http://127.0.0.1:{traffic}", $"--Kestrel:Endpoints:Management:Url=http://127.0.0.1:{management}"]);

        await ShouldKeepApartAsync(gateway, traffic, management);
    }

    [Theory]
    [InlineData("ASPNETCORE_HTTP_PORTS")]
    [InlineData("HTTP_PORTS")]
    public async Task Serve_WithPortsAlone_ListensThere_AndOnManagementsPort(string variable)
    {
        var (traffic, management) = (Ports.Free(), Ports.Free());
        await using var gateway = Start([$"--EdgeAuth:Management:Port={management}"], new Dictionary<string, string> { [variable] = traffic.ToString() });

        await ShouldKeepApartAsync(gateway, traffic, management);
    }

    [Theory]
    [InlineData("Cannot listen on http://192.0.2.1:80: ", "--urls", "http://192.0.2.1:80")]
    [InlineData("Cannot listen on http://192.0.2.1:81: ", "--Kestrel:Endpoints:A:Url=http://192.0.2.1:81")]
    [InlineData("\"http://127.0.0.1:0/path\" is not an address to listen on", "--urls", "http://127.0.0.1:0/path")]
    [InlineData("\"nonsense\" is not an address to listen on", "--urls", "nonsense")]
    [InlineData("Kestrel:Endpoints:A has no Url", "--Kestrel:Endpoints:A:Protocols=Http1")]
    public async Task Serve_WithAnAddressItCannotUse_SaysSoInOneLine(string expected, params string[] arguments)
    {
        var (exitCode, output) = await ServeAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(expected, Assert.Single(Said(output)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("/ready")]
    [InlineData("ftp://localhost")]
    [InlineData("")]
    public async Task Health_OfWhatIsNoAddress_SaysSoInOneLine(string url)
    {
        var (exitCode, output) = await RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "health", "--url", url]);

        Assert.Equal(1, exitCode);
        Assert.Equal($"\"{url}\" is not the address of a gateway; write it like http://localhost:5000", Assert.Single(Said(output)));
    }

    private static async Task ShouldKeepApartAsync(RunningProcess gateway, int traffic, int management)
    {
        await gateway.WaitForAsync("EdgeAuth 0");
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri($"http://127.0.0.1:{traffic}/hello"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri($"http://127.0.0.1:{traffic}/tyk/keys"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(new Uri($"http://127.0.0.1:{management}/tyk/keys"))).StatusCode);
    }

    private Task<(int ExitCode, string Output)> ServeAsync(params string[] arguments) =>
        RunningProcess.RunAsync("dotnet", [Repository.GatewayDll, "serve", "--config", _folder, .. arguments], _folder);

    private RunningProcess Start(string[] arguments, Dictionary<string, string>? environment = null) =>
        RunningProcess.Start("dotnet", [Repository.GatewayDll, "serve", "--config", _folder, .. arguments], _folder, environment);

    // All but the log, which has no API to tell of.
    private static IEnumerable<string> Said(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static line => !line.Contains(" warn: EdgeAuth.Catalog", StringComparison.Ordinal));
}
