using System.Net.Sockets;
using System.Text;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Sends a request exactly as it is written, where a client would tidy it up.</summary>
internal static class RawHttp
{
    /// <summary>
    /// Sends the text on a connection of its own. Lines end as HTTP wants them; a body gets its length, and the connection is closed after the
    /// answer, since a written sample says neither.
    /// </summary>
    public static async Task<RawAnswer> SendAsync(string url, string request)
    {
        var text = request.ReplaceLineEndings("\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var (head, body) = end < 0 ? (text.TrimEnd('\n'), "") : (text[..end], text[(end + 2)..]);
        var bytes = Encoding.UTF8.GetBytes(body);
        var framing = bytes.Length > 0 && !head.Contains("Content-Length:", StringComparison.OrdinalIgnoreCase) ? $"\nContent-Length: {bytes.Length}" : "";
        var start = (head + framing + "\nConnection: close").ReplaceLineEndings("\r\n") + "\r\n\r\n";

        var address = new Uri(url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(start));
        await stream.WriteAsync(bytes);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer);
        return RawAnswer.Parse(Encoding.UTF8.GetString(answer.ToArray()));
    }

    /// <summary>Sends a head and the beginning of its body, then ends the sending half; null when the server just closes.</summary>
    public static async Task<(int? Status, string Body)> CutShortAsync(string url, string head, string body)
    {
        var address = new Uri(url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n" + body));
        client.Client.Shutdown(SocketShutdown.Send);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // Reset: the server has given the request up.
        }

        if (answer.Length == 0)
        {
            return (null, "");
        }

        var parsed = RawAnswer.Parse(Encoding.UTF8.GetString(answer.ToArray()));
        return (parsed.Status, parsed.Body);
    }
}

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    public string? Header(string name) => Headers.Where(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Select(static header => header.Value).FirstOrDefault();

    public static RawAnswer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, "not an HTTP answer: " + text);
        var lines = text[..end].Split("\r\n");
        var headers = lines[1..].Select(static line => line.Split(": ", 2)).Select(static parts => KeyValuePair.Create(parts[0], parts[1])).ToList();
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1]), headers, text[(end + 4)..]);
    }
}
