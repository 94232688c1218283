using System.Text;
using EdgeAuth.Storage.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The store that gateways of the tests use: the embedded one, or with <c>EDGEAUTH_STORE=redis</c> the shared one, each its own part of it.</summary>
internal static class TestStore
{
    /// <summary>The trait of tests that are of one store only.</summary>
    public const string Trait = "Store";

    /// <summary>Of what only the embedded store does or has.</summary>
    public const string EmbeddedOnly = "embedded";

    public static bool IsRedis { get; } = Environment.GetEnvironmentVariable("EDGEAUTH_STORE") is "redis";

    /// <summary>The provider's name.</summary>
    public static string Name => IsRedis ? "redis" : "sqlite";

    /// <summary>The settings of a gateway whose files are in a folder. What it stored there is found again by the next one there.</summary>
    public static IEnumerable<string> Arguments(TempFolder folder, string prefix) => IsRedis
        ?
        [
            "--EdgeAuth:Storage:Provider=redis",
            "--EdgeAuth:Storage:Redis:Configuration=" + RedisServer.SharedAsync().GetAwaiter().GetResult().Configuration,
            "--EdgeAuth:Storage:Redis:Prefix=" + prefix,
            "--EdgeAuth:Storage:Redis:Timeout=5s",
        ]
        : ["--EdgeAuth:Storage:Sqlite:Path=" + folder.File("edgeauth.db")];

    /// <summary>All that the store keeps, as text of its raw bytes, by the name of what it is kept in.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> RawAsync(TempFolder folder)
    {
        var files = IsRedis ? [folder.File("dump.rdb")] : Directory.GetFiles(folder.Path, "edgeauth.db*").Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)).ToArray();
        if (IsRedis)
        {
            var server = await RedisServer.SharedAsync();
            await server.CliAsync("CONFIG", "SET", "rdbcompression", "no");
            await server.CliAsync("--rdb", files[0]);
        }

        var raw = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            raw[Path.GetFileName(file)] = await reader.ReadToEndAsync();
        }

        return raw;
    }

    /// <summary>A hash of what a gateway keeps in the shared store, apart from what nodes tell of themselves and what is kept for minutes.</summary>
    public static async Task<string> FingerprintAsync(string prefix)
    {
        const string Script = """
            local all = redis.call('KEYS', ARGV[1] .. '*')
            table.sort(all)
            local hash = ''
            for _, key in ipairs(all) do
              local left = redis.call('PTTL', key)
              if not string.find(key, '{nodes}', 1, true) and (left < 0 or left > 1800000) then hash = redis.sha1hex(hash .. key .. redis.call('DUMP', key)) end
            end
            return hash
            """;
        // What a write leaves to be tidied up is tidied up soon after it.
        var server = await RedisServer.SharedAsync();
        string before;
        var now = await server.CliAsync("EVAL", Script, "0", prefix);
        do
        {
            before = now;
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            now = await server.CliAsync("EVAL", Script, "0", prefix);
        }
        while (!string.Equals(before, now, StringComparison.Ordinal));

        return now;
    }

    /// <summary>Has the ledger count by the clock of the test.</summary>
    public static void UseClock(IServiceCollection services, TimeProvider time)
    {
        if (IsRedis)
        {
            services.Replace(ServiceDescriptor.Singleton(new LedgerClock(time)));
        }
    }
}
