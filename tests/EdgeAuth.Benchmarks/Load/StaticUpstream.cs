namespace EdgeAuth.Benchmarks.Load;

/// <summary>Answers every request with the same kilobyte.</summary>
internal static class StaticUpstream
{
    public const int BodySize = 1024;

    public static async Task<int> RunAsync(string url)
    {
        var body = new byte[BodySize];
        Array.Fill(body, (byte)'x');
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        await using var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        await app.RunAsync();
        return 0;
    }
}
