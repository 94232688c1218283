using System.CommandLine;
using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Gateway.Commands;

/// <summary><c>health</c>: asks a running gateway whether it is ready; for a container's health check.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<string?>("--url")
        {
            Description = "The gateway's address. Default: the first address that ASPNETCORE_URLS, URLS or their HTTP_PORTS name, else http://localhost:5000",
            HelpName = "URL",
        };
        var command = new Command("health", "Ask a running gateway whether it is ready; exit code 0 if it is") { url };
        command.SetAction((parsed, cancellationToken) => StartupFailure.GuardAsync(() => RunAsync(parsed.GetValue(url) ?? DefaultUrl(), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url.EndsWith('/') ? url : url + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"\"{url}\" is not the address of a gateway; write it like http://localhost:5000");
            return 1;
        }

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new Uri(address, "ready"), cancellationToken);
            await Console.Out.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {error.Message}");
            return 1;
        }
    }

    // The server's own rules for the environment. An address to listen on is not always one to call: any host means this one.
    private static string DefaultUrl() =>
        ListenAddresses.Of(ConfigurationChain.AddEnvironment(new ConfigurationBuilder()).Build())[0]
            .Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
}
