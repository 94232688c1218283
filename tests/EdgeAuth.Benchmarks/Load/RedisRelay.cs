using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EdgeAuth.Benchmarks.Load;

/// <summary>Stands before a Redis and makes it farther away: what comes from either side arrives at the other so much later, in order.</summary>
internal static class RedisRelay
{
    public static async Task<int> RunAsync(int port, int target, TimeSpan delay)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        while (true)
        {
            _ = RelayAsync(await listener.AcceptTcpClientAsync(), target, delay);
        }
    }

    private static async Task RelayAsync(TcpClient client, int target, TimeSpan delay)
    {
        using (client)
        {
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, target);
            (client.NoDelay, server.NoDelay) = (true, true);
            await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream(), delay), PassAsync(server.GetStream(), client.GetStream(), delay));
        }
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to, TimeSpan delay)
    {
        var pieces = Channel.CreateUnbounded<(DateTime Due, byte[] Piece)>();
        var writing = WriteAsync(pieces.Reader, to);
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer) is > 0 and var count)
        {
            await pieces.Writer.WriteAsync((DateTime.UtcNow + delay, buffer[..count]));
        }

        pieces.Writer.Complete();
        await writing;
    }

    private static async Task WriteAsync(ChannelReader<(DateTime Due, byte[] Piece)> pieces, NetworkStream to)
    {
        await foreach (var (due, piece) in pieces.ReadAllAsync())
        {
            if (due - DateTime.UtcNow is { Ticks: > 0 } left)
            {
                await Task.Delay(left);
            }

            await to.WriteAsync(piece);
        }
    }
}
