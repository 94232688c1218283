namespace EdgeAuth.Benchmarks.Load;

/// <summary>An upstream with harder ways than a kilobyte at once: a path that ends with <c>/slow</c> waits first, one with <c>/large</c> answers a mebibyte; bodies are read.</summary>
internal static class StaticUpstream
{
    public const int BodySize = 1024;
    public const int LargeSize = 1024 * 1024;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(string url)
    {
        var (body, large) = (new byte[BodySize], new byte[LargeSize]);
        Array.Fill(body, (byte)'x');
        Array.Fill(large, (byte)'x');
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        await using var app = builder.Build();
        app.Run(async context =>
        {
            var path = context.Request.Path.Value!;
            if (HttpMethods.IsPost(context.Request.Method))
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            }
            else if (path.EndsWith("/slow", StringComparison.Ordinal))
            {
                await Task.Delay(Wait, context.RequestAborted);
            }

            var answer = path.EndsWith("/large", StringComparison.Ordinal) ? large : body;
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        });
        await app.RunAsync();
        return 0;
    }
}
