using System.Net;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.OAuth.Secrets;
using EdgeAuth.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>Builds the gateway: configuration, services, pipeline.</summary>
internal static class GatewayHost
{
    private const int StartTries = 5;

    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The application with its services; nothing is opened or read yet.</summary>
    public static WebApplication Build(ConfigurationChain chain, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = System.IO.Directory.GetCurrentDirectory(), ApplicationName = "EdgeAuth.Gateway", Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(ReadChain(chain));
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        var started = false;
        AddLogging(builder, () => started);
        builder.Services.AddReverseProxy();
        builder.Services.AddEdgeAuth(builder.Configuration, chain.Build);
        AddDataProtection(builder);
        AddForwardedHeaders(builder);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => started = true);
        return app;
    }

    /// <summary>Reads and checks the configuration. Throws <see cref="CatalogException"/> when it cannot be served.</summary>
    public static async Task LoadAsync(WebApplication app)
    {
        ListenAddresses.Check(app.Configuration);
        var problems = new ProblemList();
        var catalog = await app.Services.GetRequiredService<CatalogPreparation>().PrepareAsync(problems);
        OptionsCheck.Run(app, problems);
        if (catalog is null || problems.HasErrors)
        {
            throw new CatalogException(problems.All);
        }

        app.Services.GetRequiredService<CatalogLoader>().Begin(catalog);
        await LoadKeyRingAsync(app.Services.GetRequiredService<KeyRingRepository>());
        if (catalog.Settings.ManagementPort is { } port)
        {
            ListenAddresses.AddManagement(app, port);
        }
    }

    /// <summary>Puts the pipeline together; the configuration must have been loaded.</summary>
    public static void Map(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<CatalogHolder>().Current.Settings;
        if (app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value.ForwardedHeaders != ForwardedHeaders.None)
        {
            app.UseMiddleware<ClientAddressMiddleware>();
            app.UseForwardedHeaders();
        }

        if (settings.ManagementPort is { } port)
        {
            app.UseMiddleware<ManagementPortMiddleware>(port);
        }

        app.UseRouting();
        app.MapReverseProxy();
        app.MapEdgeAuth();
        app.MapFallback("/{**path}", static context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("Not Found", context.RequestAborted);
        });
    }

    // The first call of a process takes longer than any later one, on a busy machine longer than a shared store is given.
    private static async Task LoadKeyRingAsync(KeyRingRepository ring)
    {
        for (var left = StartTries; ; left--)
        {
            try
            {
                await ring.LoadAsync(CancellationToken.None);
                return;
            }
            catch (StoreUnavailableException) when (left > 0)
            {
                await Task.Delay(StartPause, TimeProvider.System);
            }
        }
    }

    // A gateway.json that is not JSON is reported with the other problems, when the configuration is read.
    private static IConfigurationRoot ReadChain(ConfigurationChain chain)
    {
        try
        {
            return chain.Build();
        }
        catch (Exception error) when (ConfigurationSource.IsUnreadable(error))
        {
            return chain.Build(gateway: null);
        }
    }

    private static void AddLogging(WebApplicationBuilder builder, Func<bool> hasStarted)
    {
        builder.Logging.ClearProviders();

        // What fails the start is told once, in words for an operator; the host would add its stack and those of all that it then stops.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && hasStarted());
        builder.Services.PostConfigure<LoggerFilterOptions>(PrivateLogging.Apply);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        if (string.Equals(builder.Configuration["EdgeAuth:Telemetry:LogFormat"], "json", StringComparison.OrdinalIgnoreCase))
        {
            builder.Logging.AddJsonConsole(static console => console.UseUtcTimestamp = true);
        }
        else
        {
            builder.Logging.AddSimpleConsole(static console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "HH:mm:ss ", true));
        }
    }

    // The host's own ring, such as YARP's affinity cookies use, lives in the store too, so that every node has the same one.
    private static void AddDataProtection(WebApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("EdgeAuth.Gateway");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>(static (options, services) => options.XmlRepository = new DeferredKeyRing(services));
    }

    // Forwarding headers are believed from the proxies named and from nobody else.
    private static void AddForwardedHeaders(WebApplicationBuilder builder) => builder.Services.Configure<ForwardedHeadersOptions>(options =>
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        var proxies = builder.Configuration.GetSection("EdgeAuth:TrustedProxies").Get<string[]>() ?? [];
        options.ForwardedHeaders = proxies.Length > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost : ForwardedHeaders.None;
        options.ForwardLimit = null;
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                // What is neither was refused when the configuration was read.
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }
    });
}
