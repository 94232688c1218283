using System.Net;
using System.Threading.Channels;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A request body that is sent part by part, each when the test says so, without a length.</summary>
internal sealed class PacedContent : HttpContent
{
    private readonly Channel<byte[]> _parts = Channel.CreateUnbounded<byte[]>();

    public void Send(byte[] part) => _parts.Writer.TryWrite(part);

    public void End() => _parts.Writer.TryComplete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        // The headers go out with the first flush, not before.
        await stream.FlushAsync();
        await foreach (var part in _parts.Reader.ReadAllAsync())
        {
            await stream.WriteAsync(part);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
