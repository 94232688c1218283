using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAuth.Benchmarks.Start;

/// <summary>A published gateway as a process of its own, asked over plain sockets: what asks must cost next to nothing beside what is measured.</summary>
internal sealed class GatewayProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly int _port;
    private readonly long _started = Stopwatch.GetTimestamp();

    private GatewayProgram(string program, int port, IEnumerable<string> arguments)
    {
        var isLibrary = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isLibrary ? "dotnet" : program, [.. isLibrary ? [program] : Array.Empty<string>(), .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _port = port;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
    }

    /// <summary>Since the program was called.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    public static GatewayProgram Start(string program, string folder, int port) => new(program, port,
    [
        "serve", "--config", Path.Combine(folder, "config"), "--urls", $"http://127.0.0.1:{port}", "--EdgeAuth:Management:Secret=start",
        "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(folder, "data", "edgeauth.db"),
    ]);

    /// <summary>The first answer with status 200 to a request that is sent again until there is one.</summary>
    public async Task<string> AskAsync(string head, string body = "")
    {
        var request = Encoding.ASCII.GetBytes($"{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        while (Elapsed < Patience && !_process.HasExited)
        {
            if (await TryAsync(request) is { } answer && answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                return answer;
            }

            await Task.Delay(1);
        }

        throw new InvalidOperationException("The gateway does not answer: " + head.Split('\r')[0]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var stop = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string?> TryAsync(byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _port);
            await socket.SendAsync(request);
            using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
            return await reader.ReadToEndAsync();
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return null;
        }
    }
}
