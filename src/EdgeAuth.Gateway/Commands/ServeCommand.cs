using System.CommandLine;
using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Gateway.Commands;

/// <summary><c>serve</c>: serves a configuration directory until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var urls = CommonOptions.Urls();
        var command = new Command("serve", "Serve a configuration directory. Further arguments are settings, such as --EdgeAuth:Management:Port=9000")
        {
            config,
            urls,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => StartupFailure.GuardAsync(async () =>
        {
            var chain = CommonOptions.Chain(parsed.GetValue(config)!, parsed, parsed.GetValue(urls));
            HeadStart.WarmUp();
            await using var app = GatewayHost.Build(chain, SocketTransport.ConfigureProcess);
            await GatewayHost.LoadAsync(app);
            GatewayHost.Map(app);
            await ListenAddresses.StartAsync(app, cancellationToken);
            Banner.Write(app, chain.Directory);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }));
        return command;
    }
}
