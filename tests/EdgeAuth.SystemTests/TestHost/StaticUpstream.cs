using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>An upstream in the test's process that counts what reached it.</summary>
internal sealed class StaticUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _count;

    private StaticUpstream(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public long Count => Interlocked.Read(ref _count);

    public static Task<StaticUpstream> StartAsync(string answer = "ok") => StartAsync(context => context.Response.WriteAsync(answer));

    public static async Task<StaticUpstream> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new StaticUpstream(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref upstream._count);
            return answer(context);
        });
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
