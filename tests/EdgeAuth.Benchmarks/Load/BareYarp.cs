using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Benchmarks.Load;

/// <summary>YARP at its defaults with nothing on it.</summary>
internal static class BareYarp
{
    public static async Task<int> RunAsync(string url, string upstream)
    {
        var builder = WebApplication.CreateBuilder(["--urls=" + url]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "upstream", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = upstream } } }]);
        await using var app = builder.Build();
        app.MapReverseProxy();
        await app.RunAsync();
        return 0;
    }
}
