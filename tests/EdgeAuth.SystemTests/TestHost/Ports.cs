using System.Net;
using System.Net.Sockets;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>Ports that nobody listens on at the moment.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>One below those that outgoing connections get, so that a server finds it free again after a pause.</summary>
    public static int FreeForLong()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
