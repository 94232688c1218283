using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A real upstream that remembers what reached it.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>The requests that reached it, oldest first.</summary>
    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>How it answers; by default with 200 and the path.</summary>
    public RequestDelegate Answer { get; set; } = static context => context.Response.WriteAsync("upstream " + context.Request.Path);

    /// <summary>Starts one; with a certificate it speaks TLS.</summary>
    public static async Task<Upstream> StartAsync(HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = protocols;
                if (certificate is not null)
                {
                    endpoint.UseHttps(certificate);
                }
            });
        });
        var app = builder.Build();
        var upstream = new Upstream(app);
        app.UseWebSockets();
        app.Run(context =>
        {
            upstream.Requests.Enqueue(new SeenRequest(
                context.Request.Method,
                context.Request.Path.Value!,
                context.Request.QueryString.Value!,
                context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                context.Request.Protocol)
            {
                Target = context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            });
            return upstream.Answer(context);
        });
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

/// <summary>A request as the upstream saw it.</summary>
internal sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Protocol)
{
    /// <summary>Path and query as they came over the wire.</summary>
    public string Target { get; init; } = "";
}
