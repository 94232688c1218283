using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeAuth.Benchmarks.Micro;

/// <summary>A redis-server of a benchmark's own, with nothing written to disk.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly Process _process;

    private RedisProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int Id => _process.Id;

    public static async Task<RedisProcess> StartAsync(params IReadOnlyList<string> settings)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var process = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. settings]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Ready to accept", StringComparison.Ordinal))
            {
                // What else it says must be read, or it would wait for that.
                _ = process.StandardOutput.ReadToEndAsync();
                return new RedisProcess(process, port);
            }
        }

        throw new InvalidOperationException("redis-server did not start.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
