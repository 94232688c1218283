using System.Net;
using System.Net.Sockets;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>The addresses to listen on, as configured.</summary>
internal static class ListenAddresses
{
    private const string Default = "http://localhost:5000";

    /// <summary>
    /// The addresses that the server takes unless <c>Kestrel:Endpoints</c> names others: those of <c>urls</c>, else every address on the ports
    /// of <c>http_ports</c> and <c>https_ports</c>, else one for this machine alone.
    /// </summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        var urls = List(configuration["urls"]);
        if (urls.Length == 0)
        {
            urls = [.. Ports(configuration, "http"), .. Ports(configuration, "https")];
        }

        return urls.Length > 0 ? urls : [Default];
    }

    /// <summary>The server would throw what only a programmer reads.</summary>
    public static void Check(IConfiguration configuration)
    {
        foreach (var url in Of(configuration).Concat(Endpoints(configuration)))
        {
            if (!IsAddress(url))
            {
                throw new StartupException($"\"{url}\" is not an address to listen on; write it like http://0.0.0.0:8080");
            }
        }
    }

    /// <summary>Has the server listen on management's port too: on the scheme and hosts of the other addresses.</summary>
    public static void AddManagement(WebApplication app, int port)
    {
        var endpoints = Endpoints(app.Configuration);
        if (endpoints.Count > 0)
        {
            // The server takes these and nothing else.
            if (!endpoints.Any(url => BindingAddress.Parse(url).Port == port))
            {
                throw new StartupException($"EdgeAuth:Management:Port is {port}, but no endpoint of Kestrel:Endpoints has that port; add one, such as Kestrel:Endpoints:Management:Url=http://127.0.0.1:{port}");
            }

            return;
        }

        var urls = Of(app.Configuration);
        foreach (var url in urls.Concat(urls.Select(url => WithPort(url, port))).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            app.Urls.Add(url);
        }
    }

    /// <summary>Starts the application; an address that cannot be bound is named.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (SocketException error)
        {
            var addresses = Endpoints(app.Configuration) is { Count: > 0 } endpoints ? endpoints : Of(app.Configuration);
            throw new StartupException($"Cannot listen on {string.Join(", ", addresses)}: {error.Message}", error);
        }
    }

    private static IReadOnlyList<string> Endpoints(IConfiguration configuration) =>
    [
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(static endpoint => endpoint["Url"]
            ?? throw new StartupException($"{endpoint.Path} has no Url; write it like {endpoint.Path}:Url=http://0.0.0.0:8080")),
    ];

    private static IEnumerable<string> Ports(IConfiguration configuration, string scheme) =>
        List(configuration[scheme + "_ports"]).Select(port => ushort.TryParse(port, out var number)
            ? $"{scheme}://*:{number}"
            : throw new StartupException($"\"{port}\" in {scheme}_ports is not a port"));

    private static string[] List(string? value) =>
        value?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    // A socket in the file system has no port, so management is for this machine alone.
    private static string WithPort(string url, int port)
    {
        var address = BindingAddress.Parse(url);
        return $"{address.Scheme}://{(address.IsUnixPipe ? "localhost" : address.Host)}:{port}";
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort && address.PathBase.Length == 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
