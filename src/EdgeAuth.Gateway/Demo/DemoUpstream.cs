namespace EdgeAuth.Gateway.Demo;

/// <summary>The demo's upstream: tells what reached it.</summary>
internal static class DemoUpstream
{
    public static async Task<WebApplication> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(static context => context.Response.WriteAsync($"upstream saw {context.Request.Method} {context.Request.Path}\n", context.RequestAborted));
        await app.StartAsync(cancellationToken);
        return app;
    }
}
