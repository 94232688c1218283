using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A real redis-server of the tests' own, on a free port, that keeps nothing on disk. It ends with the test process at the latest.</summary>
internal sealed class RedisServer : IDisposable
{
    private static readonly Lazy<RedisServer> s_shared = new(static () => Start());
    private static int s_prefixes;
    private readonly Process _process;

    private RedisServer(Process process, int port)
    {
        (_process, Port) = (process, port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The one that tests share; each takes a prefix of its own.</summary>
    public static RedisServer Shared => s_shared.Value;

    public int Port { get; }

    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The beginning of keys that nobody else uses.</summary>
    public static string NewPrefix() => string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref s_prefixes)}:");

    public static RedisServer Start(params IEnumerable<string> more)
    {
        for (var tries = 0; ; tries++)
        {
            var port = Ports.Free();
            var process = Process.Start(new ProcessStartInfo(
                "redis-server",
                ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath(), .. more]) { RedirectStandardOutput = true })!;
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            if (Answers(process, port))
            {
                return new RedisServer(process, port);
            }

            process.Kill();
            Assert.True(tries < 5, "redis-server does not start");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    private static bool Answers(Process process, int port)
    {
        for (var i = 0; i < 200 && !process.HasExited; i++)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                Thread.Sleep(25);
            }
        }

        return false;
    }
}
