using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace EdgeAuth.Tests.TestHost;

/// <summary>
/// A real redis-server on a port of its own, with nothing written to disk. <see cref="SharedAsync"/> is the one that tests share; one that a test
/// stops or fills is its own.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly Lazy<Task<RedisServer>> One = new(static () => StartAsync());
    private static int _prefixes;

    private readonly TempFolder _folder;
    private readonly string[] _arguments;
    private Process? _process;

    private RedisServer(TempFolder folder, int port, string[] arguments) => (_folder, Port, _arguments) = (folder, port, arguments);

    public int Port { get; }

    public int TlsPort { get; private init; }

    /// <summary>The connection string.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The server that lives as long as the test process.</summary>
    public static Task<RedisServer> SharedAsync() => One.Value;

    /// <summary>A start of keys that no other test has.</summary>
    public static string NewPrefix() => string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _prefixes)}:");

    /// <summary>Starts a server, with further arguments of redis-server's.</summary>
    public static Task<RedisServer> StartAsync(params string[] arguments) => StartAsync(tls: false, arguments);

    /// <summary>Starts a server that also speaks TLS, on <see cref="TlsPort"/>.</summary>
    public static Task<RedisServer> StartTlsAsync(params string[] arguments) => StartAsync(tls: true, arguments);

    private static async Task<RedisServer> StartAsync(bool tls, string[] arguments)
    {
        // Another process may take the port before the server does.
        for (var attempt = 0; ; attempt++)
        {
            var tlsPort = tls ? Ports.Free() : 0;
            string[] all = tls ? ["--tls-port", tlsPort.ToString(CultureInfo.InvariantCulture), .. arguments] : arguments;
            var server = new RedisServer(new TempFolder(), Ports.Free(), all) { TlsPort = tlsPort };
            try
            {
                await server.StartAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Starts it again on its port, empty.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        string[] own = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no", "--repl-diskless-sync-delay", "0", "--dir", _folder.Path];
        foreach (var argument in own.Concat(_arguments))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        await Eventually.HoldsAsync(async () => _process.HasExited ? throw new InvalidOperationException("redis-server ended") : await AcceptsAsync());
    }

    /// <summary>Kills the process; what it held is lost.</summary>
    public async Task KillAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Freezes the process, or lets it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Runs a command by redis-cli and returns what it prints.</summary>
    public async Task<string> CliAsync(params string[] command)
    {
        var start = new ProcessStartInfo("redis-cli") { RedirectStandardOutput = true };
        string[] own = ["-p", Port.ToString(CultureInfo.InvariantCulture)];
        foreach (var argument in own.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        using var cli = Process.Start(start)!;
        var text = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return text.TrimEnd();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task<bool> AcceptsAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void OnExit(object? sender, EventArgs e) => _process?.Kill();
}
