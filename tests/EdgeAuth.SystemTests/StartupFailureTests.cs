using System.Net;
using System.Net.Sockets;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>A gateway that cannot start says why in a line an operator can act on, and ends with 1.</summary>
public sealed class StartupFailureTests
{
    [Fact]
    public async Task Database_ThatIsNone_IsNamed()
    {
        await using var gateway = new GatewayProcess();
        Directory.CreateDirectory(Path.Combine(gateway.Folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "data/edgeauth.db"), new string('x', 5000));

        await ShouldFailAsync(gateway, $"The database {gateway.Folder}/data/edgeauth.db cannot be used: it is not a SQLite database, or its header is damaged. Restore it from a backup, or move it away to start empty.");
    }

    [Fact]
    public async Task Database_InUseByAnotherGateway_IsNamed()
    {
        await using var first = new GatewayProcess();
        await first.StartAsync();
        await using var second = new GatewayProcess();
        second.Arguments.Add($"--EdgeAuth:Storage:Sqlite:Path={first.Folder}/data/edgeauth.db");

        await ShouldFailAsync(second, "another process serves from it (lock file ");
    }

    [Fact]
    public async Task Database_WhoseDirectoryIsAFile_IsNamed()
    {
        await using var gateway = new GatewayProcess();
        await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "data"), "");

        await ShouldFailAsync(gateway, $"The database {gateway.Folder}/data/edgeauth.db cannot be used: ");
    }

    [Fact]
    public async Task Database_WhoseDirectoryIsMissing_IsMadeWithIt()
    {
        await using var gateway = new GatewayProcess();
        gateway.Arguments.Add("--EdgeAuth:Storage:Sqlite:Path=not/there/yet.db");

        await gateway.StartAsync();

        Assert.True(File.Exists(Path.Combine(gateway.Folder, "not/there/yet.db")));
    }

    [Fact]
    public async Task KeyFile_ThatIsDamaged_IsNamed()
    {
        await using var gateway = new GatewayProcess();
        Directory.CreateDirectory(Path.Combine(gateway.Folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "data/edgeauth.db.key"), "short");

        await ShouldFailAsync(gateway, $"The key file {gateway.Folder}/data/edgeauth.db.key is damaged: it must have 32 bytes. Restore it, or set EdgeAuth:Secrets:Key.");
    }

    [Fact]
    public async Task KeyRing_ThatNoKeyOpens_IsNamed()
    {
        await using var gateway = new GatewayProcess();
        await gateway.StartAsync();
        Assert.Equal(0, await gateway.StopAsync());
        gateway.Environment["EdgeAuth__Secrets__Key"] = Convert.ToBase64String(new byte[32]);

        await ShouldFailAsync(gateway, "The key ring in the store was wrapped under another key. Set EdgeAuth:Secrets:Key to it, or add it to EdgeAuth:Secrets:PreviousKeys.");
    }

    [Theory]
    [InlineData("EdgeAuth__Secrets__Key", "not-a-key", "error gateway.json $.EdgeAuth.Secrets.Key: must be 32 bytes in base64, such as the output of: openssl rand -base64 32")]
    [InlineData("EdgeAuth__Storage__Provider", "postgres", "error gateway.json $.EdgeAuth.Storage.Provider = \"postgres\": is \"postgres\"; allowed: sqlite, redis")]
    [InlineData("EdgeAuth__Telemetry__LogFormat", "xml", "error gateway.json $.EdgeAuth.Telemetry.LogFormat = \"xml\": is \"xml\"; allowed: plain, json")]
    [InlineData("Logging__LogLevel__Default", "Loud", "Configuration value 'Loud' is not supported.")]
    [InlineData("Kestrel__Endpoints__Own__Url", "nonsense", "\"nonsense\" is not an address to listen on; write it like http://0.0.0.0:8080")]
    [InlineData("Kestrel__Certificates__Default__Path", "nowhere.pfx", "nowhere.pfx")]
    public async Task Setting_ThatCannotBeUsed_IsNamed(string name, string value, string message)
    {
        await using var gateway = new GatewayProcess();
        gateway.Environment[name] = value;

        await ShouldFailAsync(gateway, message);
    }

    [Fact]
    public async Task UnknownKey_IsNamedWithTheNearest_AndEveryOtherProblemWithIt()
    {
        await using var gateway = new GatewayProcess();
        gateway.Write("gateway.json", """{"EdgeAuth":{"Managment":{"Secret":"x"},"OAuth":{"CodeLifetime":"soon"}}}""");
        gateway.Write("apis/items.json", """{"api_id":"items","proxy":{"listen_path":"/items/"}}""");
        gateway.Write("apis/broken.json", "{");

        var (exitCode, output, errors) = await gateway.FailAsync();

        Assert.Equal(1, exitCode);
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("The configuration cannot be served:", lines[0]);
        Assert.Contains("  error gateway.json $.EdgeAuth.Managment: is not a known key; did you mean Management?", lines);
        Assert.Contains(lines, static line => line.StartsWith("  error gateway.json $.EdgeAuth.OAuth.CodeLifetime = \"soon\": ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("  error apis/items.json $.proxy.target_url", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("  error apis/broken.json $: is not valid JSON", StringComparison.Ordinal));
        ShouldHaveNoStackTrace(output);
    }

    [Fact]
    public async Task Redis_ThatDoesNotAnswer_IsNamed_WithoutThePassword()
    {
        var port = Ports.Free();
        await using var gateway = new GatewayProcess();
        gateway.Environment["EdgeAuth__Storage__Provider"] = "redis";
        gateway.Environment["EdgeAuth__Storage__Redis__Configuration"] = $"127.0.0.1:{port},password=p4ssw0rd";

        await ShouldFailAsync(gateway, $"Redis at 127.0.0.1:{port} cannot be used: no server answers. Start Redis, or correct EdgeAuth:Storage:Redis:Configuration.");
    }

    [Fact]
    public async Task Redis_ThatCannotBeRead_IsNamed_WithoutThePassword()
    {
        await using var gateway = new GatewayProcess();
        gateway.Environment["EdgeAuth__Storage__Provider"] = "redis";
        gateway.Environment["EdgeAuth__Storage__Redis__Configuration"] = "redis1:6379,p4ssw0rd=x";

        await ShouldFailAsync(gateway, "error gateway.json $.EdgeAuth.Storage.Redis.Configuration: cannot be read; write it like redis1:6379,redis2:6379,");
    }

    [Fact]
    public async Task Port_InUse_IsNamed()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var gateway = new GatewayProcess();
        gateway.Arguments.Add($"--EdgeAuth:Management:Port={port}");

        await ShouldFailAsync(gateway, $"Failed to bind to address http://127.0.0.1:{port}: address already in use.");
    }

    // Nothing of a gateway that could not start stays behind and keeps the next one from starting.
    [Fact]
    public async Task FailedStart_LetsTheNextOneStart()
    {
        await using var gateway = new GatewayProcess();
        gateway.Environment["EdgeAuth__Telemetry__LogFormat"] = "xml";
        Assert.Equal(1, (await gateway.FailAsync()).ExitCode);
        gateway.Environment.Remove("EdgeAuth__Telemetry__LogFormat");

        await gateway.StartAsync();
    }

    private static async Task ShouldFailAsync(GatewayProcess gateway, string message)
    {
        var (exitCode, output, errors) = await gateway.FailAsync();

        Assert.True(exitCode == 1, output);
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line != "The configuration cannot be served:");
        Assert.Contains(message, Assert.Single(lines), StringComparison.Ordinal);
        ShouldHaveNoStackTrace(output);
    }

    private static void ShouldHaveNoStackTrace(string output)
    {
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }
}
