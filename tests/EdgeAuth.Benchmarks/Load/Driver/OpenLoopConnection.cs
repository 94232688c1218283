using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>A connection on which one request at a time is under way, and what has come of its answer.</summary>
internal sealed class OpenLoopConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _received;

    public OpenLoopConnection(EndPoint address)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(address);
        _socket.Blocking = false;
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>When the request under way was due.</summary>
    public long Due { get; private set; }

    public void Send(byte[] request, long due)
    {
        (Due, _received) = (due, 0);
        // A request is far smaller than what a connection takes at once.
        if (_socket.Send(request) != request.Length)
        {
            throw new LoadException("A request was not taken whole.");
        }
    }

    /// <summary>Reads what is there; true when the answer is whole.</summary>
    public bool Receive()
    {
        var count = _socket.Receive(_buffer.AsSpan(_received), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (count == 0 || error != SocketError.Success)
        {
            throw new LoadException($"A connection was closed: {error}.");
        }

        _received += count;
        var answer = _buffer.AsSpan(0, _received);
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        if (!answer.StartsWith("HTTP/1.1 200"u8))
        {
            throw new LoadException("An answer was not 200: " + System.Text.Encoding.ASCII.GetString(answer[..head]));
        }

        return answer.Length >= head + 4 + Length(answer[..head]);
    }

    public void Dispose() => _socket.Dispose();

    private static int Length(ReadOnlySpan<byte> head)
    {
        var field = head.IndexOf("Content-Length: "u8);
        return field >= 0 && Utf8Parser.TryParse(head[(field + "Content-Length: ".Length)..], out int length, out _) ? length : throw new LoadException("An answer had no Content-Length.");
    }
}
