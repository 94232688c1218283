using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.TestHost;

/// <summary>
/// A program of somebody's own that proxies with YARP and embeds EdgeAuth. Its settings are a file of its own; its proxy is what it makes of it.
/// </summary>
internal sealed class EmbeddedProgram : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedProgram(TempFolder folder, Upstream upstream, WebApplication app, RecordingLogger logs)
    {
        (Folder, Upstream, _app, Logs) = (folder, upstream, app, logs);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public TempFolder Folder { get; }

    public Upstream Upstream { get; }

    public RecordingLogger Logs { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the program of <c>docs/coming-from-yarp.md</c>; what is given replaces or adds to its steps.</summary>
    public static async Task<EmbeddedProgram> StartAsync(
        Func<string, JsonObject> settings,
        Func<string, IEnumerable<JsonObject>> apis,
        Action<WebApplicationBuilder>? add = null,
        Action<WebApplication>? map = null,
        Action<IReverseProxyBuilder>? proxy = null)
    {
        var (folder, upstream, logs) = (new TempFolder(), await Upstream.StartAsync(), new RecordingLogger());
        try
        {
            var files = new GatewaySetup(folder);
            Directory.CreateDirectory(folder.File("config/apis"));
            foreach (var api in apis(upstream.Url))
            {
                files.Api(api);
            }

            WriteSettings(folder, settings(upstream.Url));
            var app = Build(folder, logs, add, proxy);
            (map ?? MapBoth)(app);
            await app.StartAsync();
            return new EmbeddedProgram(folder, upstream, app, logs);
        }
        catch
        {
            await upstream.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Changes the program's own settings while it runs, as its configuration does when a file changes.</summary>
    public void ChangeSettings(JsonObject settings)
    {
        WriteSettings(Folder, settings);
        ((IConfigurationRoot)_app.Configuration).Reload();
    }

    public async Task<string> CreateKeyAsync(JsonObject session) => (await Http.ManageAsync("POST", "/tyk/keys/create", TestGateway.Json(session.ToJsonString()))).ShouldBe(200).Text("key");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Upstream.DisposeAsync();
        Folder.Dispose();
    }

    private static WebApplication Build(TempFolder folder, RecordingLogger logs, Action<WebApplicationBuilder>? add, Action<IReverseProxyBuilder>? proxy)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.Path });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddJsonFile(folder.File("program.json"), optional: false, reloadOnChange: false);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        add?.Invoke(builder);
        var own = builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
        proxy?.Invoke(own);
        builder.Services.AddEdgeAuth(builder.Configuration);
        return builder.Build();
    }

    private static void MapBoth(WebApplication app)
    {
        app.MapReverseProxy();
        app.MapEdgeAuth();
    }

    private static void WriteSettings(TempFolder folder, JsonObject settings)
    {
        settings
            .With("EdgeAuth.Catalog.Directory", folder.File("config"))
            .With("EdgeAuth.Catalog.Watch", false)
            .With("EdgeAuth.Storage.Sqlite.Path", folder.File("edgeauth.db"))
            .With("EdgeAuth.OAuth.SecretIterations", 1000)
            .With("EdgeAuth.Management.Secret", TestGateway.Secret);
        folder.Write("program.json", settings.ToJsonString());
    }
}
