using System.Text.Json;
using BenchmarkDotNet.Attributes;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Enforcement;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;

namespace EdgeAuth.Benchmarks.Micro;

/// <summary>The steps of <see cref="DecisionBenchmark"/> one by one, what is written after it, and a refusal.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class HitPathBenchmark
{
    private readonly HeaderDictionary _fields = [];
    private WebApplication _app = null!;
    private DirectoryInfo _folder = null!;
    private CompiledApi _api = null!;
    private HttpContext _context = null!;
    private SessionCache _sessions = null!;
    private RightsCompilers _compilers = null!;
    private Limiter _limiter = null!;
    private LimitFields _limitFields = null!;
    private DecisionWriter _writer = null!;
    private SessionEntry _entry = null!;
    private SessionView _view = null!;
    private SlottedLimit _limit = null!;
    private LimitStatus _status;
    private KeyHash _hash;
    private string _token = "";

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
        var services = _app.Services;
        (_sessions, _compilers, _limiter) = (services.GetRequiredService<SessionCache>(), services.GetRequiredService<RightsCompilers>(), services.GetRequiredService<Limiter>());
        (_limitFields, _writer) = (services.GetRequiredService<LimitFields>(), services.GetRequiredService<DecisionWriter>());
        var session = JsonSerializer.Deserialize("""{"rate":1000000000,"per":60,"quota_max":1000000000000,"quota_renewal_rate":86400,"access_rights":{"bench":{"versions":["Default"]}}}"""u8, SessionJson.Default.Session)!;
        _token = KeyService.NewToken(session.OrgId);
        await services.GetRequiredService<KeyService>().CreateAsync("", _token, session, resetCounters: false, ChangeSet.CarriedOut, CancellationToken.None);
        _api = services.GetRequiredService<CatalogHolder>().Current.Apis["bench"];
        _context = new DefaultHttpContext { Response = { Body = Stream.Null } };
        _context.Request.Headers.Authorization = "Bearer " + _token;
        _hash = KeyHash.Of(_token);
        _entry = await _sessions.LoadAsync(_hash, CancellationToken.None);
        _view = _entry.View(_api, _compilers);
        _limit = _view.Rights.Find(_api.Id)!.Limit;
        for (var i = 0; i < 100_000; i++)
        {
            Charge();
        }
    }

    /// <summary>Finds the credential among the request's fields.</summary>
    [Benchmark]
    public int ReadCredential()
    {
        _ = CredentialReader.Read(_context.Request, _api.Methods.All[0], out var credential);
        return credential.Length;
    }

    [Benchmark]
    public int Hash() => KeyHash.Of(_token).GetHashCode();

    [Benchmark]
    public bool FindSession() => _sessions.TryGet(_hash, TimeProvider.System.GetTimestamp(), TimeProvider.System.GetUtcNow()) is not null;

    /// <summary>The session's rights for the generation, and those on the API.</summary>
    [Benchmark]
    public bool FindRights() => _entry.View(_api, _compilers).Rights.Find(_api.Id) is not null;

    /// <summary>Takes from the rate and from the lease of the quota.</summary>
    [Benchmark]
    public bool Charge()
    {
        if (!_limiter.TryCharge(_view, _limit, _hash, _api, undecided: false, out _status))
        {
            // Once in a long while the lease is renewed, which waits for the store; a benchmark may block for it.
            _status = _limiter.FinishAsync(_view, _limit, _status, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }

        return _status.Verdict == LimitVerdict.Admitted;
    }

    /// <summary>The five limit fields of an answer.</summary>
    [Benchmark]
    public int WriteFields()
    {
        _limitFields.Write(_fields, _api, _status);
        return _fields.Count;
    }

    /// <summary>The answer to an unknown key.</summary>
    [Benchmark]
    public ValueTask Refuse() => _writer.WriteRefusalAsync(_context, _api, new Decision { Refusal = RefusalReason.CredentialUnknown });

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
