using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>One command to a Redis server and its answer, as an operator types it.</summary>
internal static class RedisTalk
{
    /// <summary>Returns a string, a <see cref="long"/>, an array of these or null. An error that Redis answers is thrown.</summary>
    public static async Task<object?> AskAsync(int port, params IReadOnlyList<string> words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Count}\r\n");
        foreach (var word in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));

        // A character for each byte, so that lengths count both.
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await ReadAsync(reader);
    }

    private static async Task<object?> ReadAsync(StreamReader reader)
    {
        var line = await reader.ReadLineAsync() ?? throw new IOException("Redis closed the connection.");
        switch (line[0])
        {
            case '+':
                return line[1..];
            case '-':
                throw new InvalidOperationException("Redis: " + line[1..]);
            case ':':
                return Number(line);
            case '$' when Number(line) is >= 0 and var length:
                var text = new char[length + 2];
                await reader.ReadBlockAsync(text);
                return new string(text, 0, (int)length);
            case '*' when Number(line) is >= 0 and var count:
                var items = new object?[count];
                for (var i = 0; i < count; i++)
                {
                    items[i] = await ReadAsync(reader);
                }

                return items;
            default:
                return null;
        }
    }

    private static long Number(string line) => long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
}
