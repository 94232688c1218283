using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>nginx with one of the configurations, and the ports that stand in it.</summary>
internal sealed class NginxPart(string configuration, IReadOnlyList<Part> needs, params IReadOnlyList<string> ports) : Part(configuration)
{
    // Where Debian puts dynamic modules.
    private const string Modules = "/usr/lib/nginx/modules";
    private const string RedisLibrary = "/usr/share/lua/5.1/nginx/redis.lua";

    public override IReadOnlyList<Part> Needs => needs;

    private bool HasLua => Name.EndsWith("lua", StringComparison.Ordinal);

    public override string? Missing(Stage stage) => Command("nginx")
        ?? (HasLua ? Exists(Path.Combine(Modules, "ngx_http_lua_module.so"), "libnginx-mod-http-lua") ?? Exists(RedisLibrary, "lua-nginx-redis") : null);

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        stage.Value("nginx-modules", Modules);
        var process = stage.Start(Name, NoVariables, "nginx", "-e", "stderr", "-p", stage.Folder, "-c", stage.Render(Name + ".conf"));
        await stage.WaitAsync(process, ports, words: null, cancellationToken);
        return process;
    }
}
