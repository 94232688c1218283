using BenchmarkDotNet.Attributes;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Storage;

namespace EdgeAuth.Benchmarks.Micro;

/// <summary>Records on either store: one written alone, sixty-four by as many writers at once, one read, a page of an index of ten thousand.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class StorageBenchmark
{
    private const int Stored = 10_000;
    private const int Writers = 64;

    private readonly byte[] _payload = new byte[700];
    private WebApplication _app = null!;
    private DirectoryInfo _folder = null!;
    private RedisProcess? _redis;
    private IRecordStore _records = null!;
    private long _last;

    /// <summary>The store.</summary>
    [Params("sqlite", "redis")]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public async Task Setup()
    {
        _folder = Directory.CreateTempSubdirectory("edgeauth-bench-");
        List<string> settings = ["--urls=http://127.0.0.1:0", "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(_folder.FullName, "bench.db")];
        if (Store is "redis")
        {
            _redis = await RedisProcess.StartAsync();
            settings.AddRange(["--EdgeAuth:Storage:Provider=redis", $"--EdgeAuth:Storage:Redis:Configuration=127.0.0.1:{_redis.Port}"]);
        }

        _app = GatewayHost.Build(new ConfigurationChain(_folder.CreateSubdirectory("config").FullName, settings));
        _records = _app.Services.GetRequiredService<IRecordStore>();
        for (var i = 0; i < Stored / 100; i++)
        {
            await _records.PutAllAsync([.. Enumerable.Range(0, 100).Select(_ => Next())], CancellationToken.None);
        }
    }

    /// <summary>One record with four index entries, durable, nobody else writing.</summary>
    [Benchmark]
    public async Task<bool> WriteAlone() => await _records.PutAsync(Next(), PutCondition.Any, CancellationToken.None) is not null;

    /// <summary>What one of sixty-four such writes takes where they are made at once.</summary>
    [Benchmark(OperationsPerInvoke = Writers)]
    public async Task WriteTogether() =>
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => _records.PutAsync(Next(), PutCondition.Any, CancellationToken.None).AsTask()));

    [Benchmark]
    public async Task<bool> Read() => await _records.GetAsync(IdOf(Stored / 2), CancellationToken.None) is not null;

    /// <summary>Twenty of an index, with the total.</summary>
    [Benchmark]
    public async Task<long> Page() => (await _records.ListAsync(RecordKind.Grant, "paged", Stored / 2, 20, CancellationToken.None)).Total;

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _app.DisposeAsync();
        _redis?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static RecordId IdOf(long number) => new(RecordKind.Grant, $"{number:x64}");

    // The list that is paged has the first ones only, so that it stays as long as it is.
    private RecordWrite Next()
    {
        var number = Interlocked.Increment(ref _last);
        return new RecordWrite(IdOf(number), _payload)
        {
            Expires = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1),
            Index = [new("all", 0), new($"own:{number}", 0), new("ordered", number), number <= Stored ? new("paged", number) : new($"parity:{number & 1}", 0)],
        };
    }
}
