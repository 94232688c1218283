using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>An OpenTelemetry collector, as far as a sender notices: takes what is posted and keeps it as it came.</summary>
internal sealed class CollectorStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CollectorStub(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>What arrived: its path, its media type and its bytes, one character each, in which texts stand as they are.</summary>
    public ConcurrentQueue<(string Path, string MediaType, string Content)> Received { get; } = new();

    public static async Task<CollectorStub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new CollectorStub(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            stub.Received.Enqueue((context.Request.Path, context.Request.ContentType ?? "", Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return stub;
    }

    /// <summary>All that came to a path so far.</summary>
    public string Content(string path) => string.Concat(Received.Where(received => received.Path == path).Select(static received => received.Content));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
