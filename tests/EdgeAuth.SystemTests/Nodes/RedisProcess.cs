using System.Globalization;
using System.Net.Sockets;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>A real redis-server on a port of its own, to which everything can happen that happens to one.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeauth-redis-").FullName;
    private readonly IReadOnlyList<string> _more;
    private RunningProcess _process = null!;

    private RedisProcess(IReadOnlyList<string> more) => _more = more;

    public int Port { get; private set; }

    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <param name="more">Further arguments of <c>redis-server</c>.</param>
    public static async Task<RedisProcess> StartAsync(params IReadOnlyList<string> more)
    {
        var redis = new RedisProcess(more);
        for (var tries = 1; ; tries++)
        {
            redis.Port = Ports.FreeForLong();
            if (await redis.TryRunAsync())
            {
                return redis;
            }

            // Somebody else took the port meanwhile.
            Assert.True(tries < 5, "redis-server does not start: " + redis._process.Output);
            await redis._process.DisposeAsync();
        }
    }

    public Task<object?> AskAsync(params IReadOnlyList<string> words) => RedisTalk.AskAsync(Port, words);

    /// <summary>Stops it as a service manager does; what it holds is kept for the next start.</summary>
    public async Task StopAsync()
    {
        await AskAsync("SAVE");
        await _process.KillAsync();
    }

    /// <summary>Ends it as a crash does, with all that it holds.</summary>
    public async Task KillAsync()
    {
        await _process.KillAsync();
        File.Delete(Path.Combine(_folder, "dump.rdb"));
    }

    /// <summary>Starts it again where it was.</summary>
    public async Task StartAgainAsync() => Assert.True(await TryRunAsync(), "redis-server does not start again: " + _process.Output);

    public Task FreezeAsync() => _process.FreezeAsync();

    public Task ThawAsync() => _process.ThawAsync();

    /// <summary>How often each command was called since the server started or <c>CONFIG RESETSTAT</c>, those called by scripts included.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CommandsAsync()
    {
        var info = (string)(await AskAsync("INFO", "commandstats"))!;
        return info.Split("\r\n").Where(static line => line.StartsWith("cmdstat_", StringComparison.Ordinal)).ToDictionary(
            static line => line["cmdstat_".Length..line.IndexOf(':', StringComparison.Ordinal)],
            static line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture),
            StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> TryRunAsync()
    {
        _process = RunningProcess.Start(
            "redis-server",
            ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder, "--maxmemory-policy", "noeviction", .. _more]);
        for (var attempt = 0; attempt < 1000 && !_process.HasExited; attempt++)
        {
            try
            {
                return await AskAsync("PING") is "PONG" && !_process.HasExited;
            }
            catch (Exception error) when (error is SocketException or IOException or InvalidOperationException)
            {
                await Task.Delay(10);
            }
        }

        return false;
    }
}
