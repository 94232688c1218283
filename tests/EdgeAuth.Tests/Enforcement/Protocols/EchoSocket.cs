using System.Net.WebSockets;
using System.Text;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Enforcement.Protocols;

/// <summary>Both ends of a WebSocket: an upstream that greets and then echoes, and a caller.</summary>
internal static class EchoSocket
{
    public static async Task AnswerAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.SendAsync("welcome"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(received.CloseStatus!.Value, received.CloseStatusDescription, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }

    /// <summary>A socket at an address of the gateway, connected or refused.</summary>
    public static async Task<ClientWebSocket> ConnectAsync(string url, string path, string? key, bool http2 = false)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (key is not null)
        {
            socket.Options.SetRequestHeader("Authorization", key);
        }

        if (http2)
        {
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (new Version(2, 0), HttpVersionPolicy.RequestVersionExact);
        }

        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        try
        {
            await Eventually.ComesAsync(socket.ConnectAsync(new Uri(url.Replace("http://", "ws://", StringComparison.Ordinal) + path), http2 ? invoker : null, CancellationToken.None));
        }
        catch (WebSocketException)
        {
            Assert.NotEqual(WebSocketState.Open, socket.State);
        }

        return socket;
    }

    /// <summary>The next whole message.</summary>
    public static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult received;
        do
        {
            received = await Eventually.ComesAsync(socket.ReceiveAsync(buffer, CancellationToken.None));
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return Encoding.UTF8.GetString(message.ToArray());
    }

    public static async Task SendAsync(ClientWebSocket socket, string text) =>
        await Eventually.ComesAsync(socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None));

    /// <summary>A greeting, and messages there and back, however large.</summary>
    public static async Task ShouldTalkAsync(ClientWebSocket socket)
    {
        Assert.Equal(WebSocketState.Open, socket.State);
        Assert.Equal("welcome", await ReceiveAsync(socket));
        foreach (var text in new[] { "one", "", "Grüße", new string('x', 300_000) })
        {
            await SendAsync(socket, text);
            Assert.Equal(text, await ReceiveAsync(socket));
        }
    }
}
