using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using EdgeAuth.Gateway.Demo;
using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Gateway.Commands;

/// <summary><c>demo</c>: shows the whole product without any set-up.</summary>
internal static class DemoCommand
{
    private const string PreferredUrl = "http://127.0.0.1:8080";
    private const string AnyUrl = "http://127.0.0.1:0";

    public static Command Create()
    {
        var exit = new Option<bool>("--exit") { Description = "End after the walk; exit code 0 only if every step answered as expected" };
        var urls = CommonOptions.Urls();
        var command = new Command("demo", "Start an upstream, a gateway and a sample API, walk through the product step by step, then serve until Ctrl-C") { exit, urls };
        command.SetAction((parsed, cancellationToken) => StartupFailure.GuardAsync(
            () => RunAsync(parsed.GetValue(exit), parsed.GetValue(urls), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(bool exit, string? urls, CancellationToken cancellationToken)
    {
        using var folder = DemoFolder.Create();
        await using var upstream = await DemoUpstream.StartAsync(cancellationToken);
        folder.WriteConfiguration(upstream.Urls.First());
        var address = urls ?? (exit || !IsFree(new Uri(PreferredUrl)) ? AnyUrl : PreferredUrl);
        await using var app = GatewayHost.Build(
            new ConfigurationChain(folder.ConfigurationPath, ["--urls=" + address, .. folder.Settings], alone: true),
            static builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await GatewayHost.LoadAsync(app);
        GatewayHost.Map(app);
        await ListenAddresses.StartAsync(app, cancellationToken);
        var passed = await WalkAsync(app);
        if (!exit && !app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await Console.Out.WriteLineAsync($"""

                The gateway goes on serving {app.Urls.First()} until Ctrl-C. Try:
                  curl -i {app.Urls.First()}/demo/hello
                  curl -s -H "X-Tyk-Authorization: {DemoFolder.Secret}" {app.Urls.First()}/tyk/oauth/clients/demo
                """);
            await app.WaitForShutdownAsync(cancellationToken);
        }

        await app.StopAsync(CancellationToken.None);
        return passed ? 0 : 1;
    }

    // Ctrl-C in the middle of the walk ends it like a step that did not answer.
    private static async Task<bool> WalkAsync(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            return await new DemoWalk(new Uri(app.Urls.First()), Console.Out).RunAsync(stopping);
        }
        catch (Exception error) when (stopping.IsCancellationRequested && error is OperationCanceledException or HttpRequestException)
        {
            return false;
        }
    }

    private static bool IsFree(Uri url)
    {
        using var listener = new TcpListener(IPAddress.Parse(url.Host), url.Port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
