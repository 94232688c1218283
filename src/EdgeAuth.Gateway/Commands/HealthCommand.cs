using System.CommandLine;

namespace EdgeAuth.Gateway.Commands;

/// <summary><c>health</c>: asks a running gateway whether it is ready; for a container's health check.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<string?>("--url")
        {
            Description = "The gateway's address. Default: the first of ASPNETCORE_URLS or URLS, else http://localhost:5000",
            HelpName = "URL",
        };
        var command = new Command("health", "Ask a running gateway whether it is ready; exit code 0 if it is") { url };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(url) ?? DefaultUrl(), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            var address = new Uri(new Uri(url.EndsWith('/') ? url : url + "/"), "ready");
            using var response = await http.GetAsync(address, cancellationToken);
            await Console.Out.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {error.Message}");
            return 1;
        }
    }

    // An address to listen on is not always one to call: any host means this one.
    private static string DefaultUrl()
    {
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? Environment.GetEnvironmentVariable("URLS") ?? "http://localhost:5000";
        return urls.Split(';')[0].Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
    }
}
