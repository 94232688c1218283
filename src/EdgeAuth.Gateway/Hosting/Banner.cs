using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>Says at start what is served, and what an operator still has to do.</summary>
internal static partial class Banner
{
    public static void Write(WebApplication app, string directory)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("EdgeAuth");
        var catalog = app.Services.GetRequiredService<CatalogHolder>().Current;
        Log.Started(logger, ProductVersion.Text, Path.GetFullPath(directory), string.Join(", ", app.Urls));
        foreach (var api in catalog.Apis.Values.OrderBy(static api => api.Id, StringComparer.Ordinal))
        {
            Log.Api(logger, api.Id, string.Join(" and ", api.Mounts.Select(static mount => mount + "/")), ApiSummary.Target(api), ApiSummary.Auth(api));
        }

        if (catalog.Settings.ManagementSecrets.Count == 0)
        {
            if (catalog.Settings.Authlete is { Enabled: true, Services.Count: > 0 })
            {
                Log.OnlyServices(logger);
            }
            else
            {
                Log.NoSecret(logger);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "EdgeAuth {Version} serves {Directory} on {Addresses}", EventName = "Started")]
        public static partial void Started(ILogger logger, string version, string directory, string addresses);

        [LoggerMessage(2, LogLevel.Information, "API {Api} at {Mounts} to {Target}, {Auth}", EventName = "Serving")]
        public static partial void Api(ILogger logger, string api, string mounts, string target, string auth);

        [LoggerMessage(3, LogLevel.Warning, "Management is closed: no secret is set. Set one with EdgeAuth__Management__Secret and start again", EventName = "NoManagementSecret")]
        public static partial void NoSecret(ILogger logger);

        [LoggerMessage(4, LogLevel.Warning, "Management is open to the services with secrets of their own only: no management secret is set. Set one with EdgeAuth__Management__Secret and start again", EventName = "OnlyServicesManage")]
        public static partial void OnlyServices(ILogger logger);
    }
}
