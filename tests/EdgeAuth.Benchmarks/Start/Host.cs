using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Benchmarks.Start;

/// <summary>A gateway in this process, on a folder of its own that goes with it.</summary>
internal sealed class Host : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private Host(DirectoryInfo folder, WebApplication app) => (_folder, App) = (folder, app);

    public WebApplication App { get; }

    public string Apis => Path.Combine(_folder.FullName, "config", "apis");

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public static async Task<Host> StartAsync(string url, Action<string> writeApis, params IReadOnlyList<string> settings)
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-bench-");
        var config = folder.CreateSubdirectory("config");
        writeApis(config.CreateSubdirectory("apis").FullName);
        var app = GatewayHost.Build(
            new ConfigurationChain(config.FullName, ["--urls=" + url, "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(folder.FullName, "bench.db"), .. settings]),
            static builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await GatewayHost.LoadAsync(app);
        GatewayHost.Map(app);
        await app.StartAsync();
        return new Host(folder, app);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
