using System.Net.Sockets;
using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>Sends bytes on a connection of their own and reads what comes back.</summary>
internal static class SweepConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The answer; null when the connection was closed without one.</summary>
    public static async Task<Answer?> SendAsync(Uri address, byte[] request, bool endsEarly)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, timeout.Token);
        await using var stream = client.GetStream();
        var reading = ReadAsync(stream, timeout.Token);
        try
        {
            await stream.WriteAsync(request, timeout.Token);
            if (endsEarly)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Answered and closed before all was sent.
        }

        var answer = await reading;
        return answer.Length == 0 ? null : Answer.Of(RawAnswer.Parse(answer));
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, cancellationToken);
        }
        catch (IOException)
        {
            // Reset: the server has given the request up.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
