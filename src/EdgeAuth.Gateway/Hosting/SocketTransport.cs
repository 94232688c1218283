using Yarp.ReverseProxy.Model;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>
/// Serves connections on the threads that poll the sockets: a request and the upstream's answer go on where their bytes came in, without a change of
/// thread. Only what never blocks and is soon done may run there, so that everything but forwarding is sent to the thread pool, and large uploads too.
/// </summary>
internal static class SocketTransport
{
    private const string Setting = "EdgeAuth:Transport:InlineScheduling";
    private const long LargestInline = 64 * 1024;
    private const string RuntimeSwitch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Tells the runtime how this process's sockets complete. It is read once, with the first socket. Whoever runs the process may have said otherwise.
    /// </summary>
    public static void ConfigureProcess(WebApplicationBuilder builder)
    {
        if (IsInline(builder.Configuration) && Environment.GetEnvironmentVariable(RuntimeSwitch) is null)
        {
            Environment.SetEnvironmentVariable(RuntimeSwitch, "1");
        }
    }

    /// <summary>Sets up the server.</summary>
    public static void Configure(WebApplicationBuilder builder)
    {
        if (IsInline(builder.Configuration))
        {
            builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        }
    }

    /// <summary>Sends every request that is not forwarded, or has a large body, to the thread pool; to stand right behind the routing.</summary>
    public static void Use(WebApplication app)
    {
        if (IsInline(app.Configuration))
        {
            app.Use(static next => context => BelongsInline(context) ? next(context) : PoolScheduler.RunAsync(next, context));
        }
    }

    private static bool BelongsInline(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not null && !MayBeLarge(context.Request);

    // The bytes of a large body would keep those waiting whose sockets the same thread polls.
    private static bool MayBeLarge(HttpRequest request) => request.ContentLength is { } length ? length > LargestInline : request.Headers.TransferEncoding.Count > 0;

    // What is neither true nor false is reported with the other problems, when the configuration is checked.
    private static bool IsInline(IConfiguration configuration) => bool.TryParse(configuration[Setting], out var inline) ? inline : new TransportOptions().InlineScheduling;
}
