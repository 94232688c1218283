using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeAuth.Catalog;
using EdgeAuth.Enforcement;
using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Benchmarks.Micro;

/// <summary>The decision on a JWT: one that was verified before, and one that is seen for the first time.</summary>
[MemoryDiagnoser]
public class JwtBenchmark
{
    private static readonly RSA Key = RSA.Create(2048);

    private WebApplication _app = null!;
    private DirectoryInfo _folder = null!;
    private Enforcer _enforcer = null!;
    private CompiledApi _api = null!;
    private HttpContext _known = null!;
    private HttpContext _new = null!;
    private int _next;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _folder = Directory.CreateTempSubdirectory("edgeauth-bench-");
        var config = _folder.CreateSubdirectory("config");
        await File.WriteAllTextAsync(Path.Combine(config.CreateSubdirectory("apis").FullName, "bench.json"), $$$"""
            {"api_id":"bench","name":"Bench","enable_jwt":true,"jwt_signing_method":"rsa","jwt_default_policies":["plan"],
             "jwt_source":"{{{Convert.ToBase64String(Encoding.ASCII.GetBytes(Key.ExportSubjectPublicKeyInfoPem()))}}}",
             "version_data":{"not_versioned":true},"proxy":{"listen_path":"/bench/","target_url":"http://127.0.0.1:9/"}}
            """);
        await File.WriteAllTextAsync(Path.Combine(config.CreateSubdirectory("policies").FullName, "plan.json"), """
            {"plan":{"rate":1000000000,"per":60,"quota_max":1000000000000,"quota_renewal_rate":86400,"access_rights":{"bench":{"versions":["Default"]}}}}
            """);
        _app = GatewayHost.Build(new ConfigurationChain(config.FullName, ["--urls=http://127.0.0.1:0", "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(_folder.FullName, "bench.db")]));
        await GatewayHost.LoadAsync(_app);
        GatewayHost.Map(_app);
        await _app.StartAsync();
        _enforcer = _app.Services.GetRequiredService<Enforcer>();
        _api = _app.Services.GetRequiredService<CatalogHolder>().Current.Apis["bench"];
        (_known, _new) = (Context(Sign(0)), Context(""));
        for (var i = 0; i < 100_000; i++)
        {
            await _enforcer.DecideAsync(_known, _api, "/bench");
        }
    }

    [Benchmark]
    public bool Admit() => Decide(_known);

    [Benchmark]
    public bool Verify()
    {
        // Signing is part of the figure; the benchmark below tells how much.
        _new.Request.Headers.Authorization = "Bearer " + Sign(++_next);
        return Decide(_new);
    }

    [Benchmark]
    public int SignAlone() => Sign(++_next).Length;

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // Once in a long while the quota's lease is renewed, which waits for the store; a benchmark may block for it.
    private bool Decide(HttpContext context)
    {
        var deciding = _enforcer.DecideAsync(context, _api, "/bench");
        var decision = deciding.IsCompletedSuccessfully ? deciding.Result : deciding.AsTask().GetAwaiter().GetResult();
        return decision.Refusal == RefusalReason.None;
    }

    private static DefaultHttpContext Context(string token)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/bench/items/42";
        context.Request.Headers.Authorization = "Bearer " + token;
        return context;
    }

    private static string Sign(int id)
    {
        var content = Encode("""{"alg":"RS256","typ":"JWT"}""") + "."
            + Encode($$"""{"iss":"https://issuer.example/tenant","aud":"bench","sub":"ann@example.org","exp":4102444800,"iat":1700000000,"jti":"{{id}}","scope":"read write"}""");
        return content + "." + Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
