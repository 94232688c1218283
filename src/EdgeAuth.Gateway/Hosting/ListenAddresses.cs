using System.Net;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>The addresses to listen on, as configured.</summary>
internal static class ListenAddresses
{
    private const string Default = "http://localhost:5000";

    /// <summary>The addresses of <c>urls</c>, or the one that the server takes when there are none.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration) =>
        (configuration["urls"] ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The server would throw what only a programmer reads.</summary>
    public static void Check(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(static endpoint => endpoint["Url"]).OfType<string>();
        foreach (var url in Of(configuration).Concat(endpoints))
        {
            if (!IsAddress(url))
            {
                throw new StartupException($"\"{url}\" is not an address to listen on; write it like http://0.0.0.0:8080");
            }
        }
    }

    /// <summary>The same scheme and host on another port.</summary>
    public static string WithPort(string url, int port)
    {
        var address = BindingAddress.Parse(url);
        return $"{address.Scheme}://{address.Host}:{port}";
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
