using BenchmarkDotNet.Attributes;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Records;

namespace EdgeAuth.Benchmarks.Micro;

/// <summary>A page of the token records of one client that has ten thousand, with the exact total, on either store.</summary>
[MemoryDiagnoser]
public class TokenListBenchmark
{
    private const int Tokens = 10_000;
    private const int Page = 20;

    private WebApplication _app = null!;
    private DirectoryInfo _folder = null!;
    private RedisProcess? _redis;
    private RecordService _records = null!;
    private RealmSettings _realm = null!;
    private Client _client = null!;

    /// <summary>The store.</summary>
    [Params("sqlite", "redis")]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    [Benchmark]
    public long Count() => _records.ListAsync(_realm, new RecordFilter(_client, ""), 0, 0, CancellationToken.None).AsTask().GetAwaiter().GetResult().Total;

    [Benchmark]
    public int First() => List(0);

    [Benchmark]
    public int Middle() => List(Tokens / 2);

    [Benchmark]
    public int Last() => List(Tokens - Page);

    [GlobalCleanup]
    public void Cleanup()
    {
        _app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _redis?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task SetupAsync()
    {
        _folder = Directory.CreateTempSubdirectory("edgeauth-bench-");
        var config = _folder.CreateSubdirectory("config");
        await File.WriteAllTextAsync(Path.Combine(config.CreateSubdirectory("apis").FullName, "bench.json"), """
            {"api_id":"bench","name":"Bench","use_oauth2":true,"version_data":{"not_versioned":true},
             "oauth_meta":{"allowed_access_types":["client_credentials","password","refresh_token"]},
             "proxy":{"listen_path":"/bench/","target_url":"http://127.0.0.1:9/"}}
            """);
        List<string> settings = ["--urls=http://127.0.0.1:0", "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(_folder.FullName, "bench.db")];
        if (Store is "redis")
        {
            _redis = await RedisProcess.StartAsync();
            settings.AddRange(["--EdgeAuth:Storage:Provider=redis", $"--EdgeAuth:Storage:Redis:Configuration=127.0.0.1:{_redis.Port}"]);
        }

        _app = GatewayHost.Build(new ConfigurationChain(config.FullName, [.. settings]));
        await GatewayHost.LoadAsync(_app);
        GatewayHost.Map(_app);
        await _app.StartAsync();
        var catalog = _app.Services.GetRequiredService<CatalogHolder>().Current;
        _realm = catalog.FindRealm("bench")!;
        _records = _app.Services.GetRequiredService<RecordService>();
        (_client, _) = await _app.Services.GetRequiredService<ClientService>().CreateAsync(new ClientDraft("app", "", "http://app.example/cb", "", null, ""), [_realm], ChangeSet.CarriedOut, CancellationToken.None);
        await Parallel.ForEachAsync(Enumerable.Range(0, Tokens), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, cancellationToken) =>
        {
            var draft = new TokenDraft { GrantType = TokenGrantType.Password, ClientNumber = _client.Number, Subject = $"user{number % 100}", Scopes = ["read", "write"] };
            var created = await _records.CreateAsync(catalog, _realm, draft, ChangeSet.CarriedOut, cancellationToken);
            _ = created.Record ?? throw new InvalidOperationException($"{created.Refusal} {created.Reason}");
        });
    }

    private int List(int offset)
    {
        var page = _records.ListAsync(_realm, new RecordFilter(_client, ""), offset, Page, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return page.Total == Tokens && page.Records.Count == Page ? page.Records.Count : throw new InvalidOperationException($"{page.Records.Count} of {page.Total}");
    }
}
