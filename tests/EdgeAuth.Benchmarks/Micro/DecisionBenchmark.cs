using System.Text.Json;
using BenchmarkDotNet.Attributes;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Enforcement;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Sessions;

namespace EdgeAuth.Benchmarks.Micro;

/// <summary>The decision on a request whose session is in memory: credential, session, rights, rate and quota.</summary>
[MemoryDiagnoser]
public class DecisionBenchmark
{
    private WebApplication _app = null!;
    private DirectoryInfo _folder = null!;
    private Enforcer _enforcer = null!;
    private CompiledApi _api = null!;
    private HttpContext _context = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _folder = Directory.CreateTempSubdirectory("edgeauth-bench-");
        var config = _folder.CreateSubdirectory("config");
        await File.WriteAllTextAsync(Path.Combine(config.CreateSubdirectory("apis").FullName, "bench.json"), """
            {"api_id":"bench","name":"Bench","use_standard_auth":true,"version_data":{"not_versioned":true},
             "proxy":{"listen_path":"/bench/","target_url":"http://127.0.0.1:9/"}}
            """);
        _app = GatewayHost.Build(new ConfigurationChain(config.FullName, ["--urls=http://127.0.0.1:0", "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(_folder.FullName, "bench.db")]));
        await GatewayHost.LoadAsync(_app);
        GatewayHost.Map(_app);
        await _app.StartAsync();
        var session = JsonSerializer.Deserialize("""{"rate":1000000000,"per":60,"quota_max":1000000000000,"quota_renewal_rate":86400,"access_rights":{"bench":{"versions":["Default"]}}}"""u8, SessionJson.Default.Session)!;
        var token = KeyService.NewToken(session.OrgId);
        await _app.Services.GetRequiredService<KeyService>().CreateAsync("", token, session, resetCounters: false, ChangeSet.CarriedOut, CancellationToken.None);
        _enforcer = _app.Services.GetRequiredService<Enforcer>();
        _api = _app.Services.GetRequiredService<CatalogHolder>().Current.Apis["bench"];
        _context = new DefaultHttpContext();
        _context.Request.Method = "GET";
        _context.Request.Path = "/bench/items/42";
        _context.Request.Headers.Authorization = "Bearer " + token;
        for (var i = 0; i < 100_000; i++)
        {
            await _enforcer.DecideAsync(_context, _api, "/bench");
        }
    }

    [Benchmark]
    public bool Admit()
    {
        // Once in a long while the quota's lease is renewed, which waits for the store; a benchmark may block for it.
        var deciding = _enforcer.DecideAsync(_context, _api, "/bench");
        var decision = deciding.IsCompletedSuccessfully ? deciding.Result : deciding.AsTask().GetAwaiter().GetResult();
        return decision.Refusal == RefusalReason.None;
    }

    [Benchmark]
    public int Hash() => KeyHash.Of("0123456789abcdef0123456789abcdef0123456789abcdef01234567").GetHashCode();

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
