using System.Net;
using System.Net.Sockets;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Ports that nobody listens on at the moment, for settings that must name one.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
