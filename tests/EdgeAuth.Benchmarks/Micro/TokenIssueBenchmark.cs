using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.OAuth;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Token;

namespace EdgeAuth.Benchmarks.Micro;

/// <summary>A token of client_credentials by the service behind the endpoint, without HTTP, on either store: one alone, and one of sixty-four at once.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class TokenIssueBenchmark
{
    private const int Together = 64;

    private WebApplication _app = null!;
    private DirectoryInfo _folder = null!;
    private RedisProcess? _redis;
    private TokenService _tokens = null!;
    private CompiledApi _api = null!;
    private string _authorization = "";

    /// <summary>The store.</summary>
    [Params("sqlite", "redis")]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public async Task Setup()
    {
        _folder = Directory.CreateTempSubdirectory("edgeauth-bench-");
        var config = _folder.CreateSubdirectory("config");
        await File.WriteAllTextAsync(Path.Combine(config.CreateSubdirectory("apis").FullName, "bench.json"), """
            {"api_id":"bench","name":"Bench","org_id":"bench","use_oauth2":true,"version_data":{"not_versioned":true},
             "oauth_meta":{"allowed_access_types":["client_credentials"]},"proxy":{"listen_path":"/bench/","target_url":"http://127.0.0.1:9/"}}
            """);
        await File.WriteAllTextAsync(Path.Combine(config.CreateSubdirectory("policies").FullName, "policies.json"), """
            {"standard":{"org_id":"bench","rate":100,"per":1,"access_rights":{"bench":{"api_id":"bench","versions":["Default"]}}}}
            """);
        List<string> settings = ["--urls=http://127.0.0.1:0", "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(_folder.FullName, "bench.db")];
        if (Store is "redis")
        {
            _redis = await RedisProcess.StartAsync();
            settings.AddRange(["--EdgeAuth:Storage:Provider=redis", $"--EdgeAuth:Storage:Redis:Configuration=127.0.0.1:{_redis.Port}"]);
        }

        _app = GatewayHost.Build(new ConfigurationChain(config.FullName, settings));
        await GatewayHost.LoadAsync(_app);
        GatewayHost.Map(_app);
        await _app.StartAsync();
        var catalog = _app.Services.GetRequiredService<CatalogHolder>().Current;
        _api = catalog.Apis["bench"];
        _tokens = _app.Services.GetRequiredService<TokenService>();
        var draft = new ClientDraft("app", "", "http://app.example/", "standard", null, "");
        var (_, secret) = await _app.Services.GetRequiredService<ClientService>().CreateAsync(draft, [_api.Realm!], ChangeSet.CarriedOut, CancellationToken.None);
        _authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"app:{secret}"));
    }

    [Benchmark]
    public Task<string> IssueAlone() => IssueAsync();

    [Benchmark(OperationsPerInvoke = Together)]
    public Task<string[]> IssueTogether() => Task.WhenAll(Enumerable.Range(0, Together).Select(_ => IssueAsync()));

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _app.DisposeAsync();
        _redis?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<string> IssueAsync()
    {
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Headers.Authorization = _authorization;
        request.ContentType = "application/x-www-form-urlencoded";
        request.Body = new MemoryStream("grant_type=client_credentials"u8.ToArray());
        var parameters = await OAuthParameters.ReadAsync(request, useQuery: true, allowJson: true, CancellationToken.None);
        var issued = await _tokens.ExchangeAsync(request, parameters!, _api, CancellationToken.None);
        return issued.Tokens?.AccessToken ?? throw new InvalidOperationException($"{issued.Failure}");
    }
}
