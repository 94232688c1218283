using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>An upstream in the test's process that holds requests for <c>/held</c> until they are released.</summary>
internal sealed class HeldUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldUpstream(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Completes when the first request is held.</summary>
    public Task Arrived => _arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public static async Task<HeldUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new HeldUpstream(app);
        app.Run(async context =>
        {
            if (context.Request.Path.StartsWithSegments("/held"))
            {
                upstream._arrived.TrySetResult();
                await upstream._released.Task;
            }

            await context.Response.WriteAsync("ok");
        });
        await app.StartAsync();
        return upstream;
    }

    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _app.DisposeAsync();
    }
}
