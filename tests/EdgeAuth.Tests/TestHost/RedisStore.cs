using EdgeAuth.Storage;
using EdgeAuth.Storage.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The store in Redis, as one process holds it.</summary>
internal sealed class RedisStore : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    public RedisStore(RedisOptions settings, TimeProvider time)
    {
        Settings = settings;
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(Logs));
        var options = Options.Create(new StorageOptions { Provider = "redis", Redis = settings });
        Outage = new StoreOutage(options, time);
        Link = new RedisLink(options, Outage, new RedisMetrics(Meters.Factory, Outage), _loggers.CreateLogger<RedisLink>());
        Locks = new RedisRecordLocks(Link);
        Indexes = new RedisIndexes(Link);
        Agenda = new RedisAgenda(Link);
        Writer = new RedisRecordWriter(Link, new RedisDirectWriter(Link), Locks, Indexes, Agenda);
        Records = new RedisRecordStore(Link, Writer, Indexes, time);
        Sweeper = new RedisSweeper(Link, Locks, Indexes, Agenda, Outage, time, _loggers.CreateLogger<RedisSweeper>());
        Log = new RedisChangeLog(Link);
        Nodes = new RedisNodeRegistry(Link);
        Ledger = new RedisLedger(Link, new LedgerClock(time));
    }

    public RedisOptions Settings { get; }

    public RecordingLogger Logs { get; } = new();

    public Meters Meters { get; } = new();

    public StoreOutage Outage { get; }

    public RedisLink Link { get; }

    public RedisRecordLocks Locks { get; }

    public RedisIndexes Indexes { get; }

    public RedisAgenda Agenda { get; }

    public RedisRecordWriter Writer { get; }

    public RedisRecordStore Records { get; }

    public RedisSweeper Sweeper { get; }

    public RedisChangeLog Log { get; }

    public RedisNodeRegistry Nodes { get; }

    public RedisLedger Ledger { get; }

    /// <summary>A part of a store of its own on the shared server, for the contract tests.</summary>
    public static async Task<Opened<T>> OpenAsync<T>(TimeProvider time, Func<RedisStore, T> part) =>
        Open((await RedisServer.SharedAsync()).Configuration, time, part);

    public static Opened<T> Open<T>(string configuration, TimeProvider time, Func<RedisStore, T> part)
    {
        var store = new RedisStore(OptionsFor(configuration), time);
        return new Opened<T>(part(store), async () => await store.DisposeAsync());
    }

    /// <summary>Settings for a store of its own on a server. A call may take longer than it may elsewhere: a busy machine is no outage.</summary>
    public static RedisOptions OptionsFor(string configuration) =>
        new() { Configuration = configuration, Prefix = RedisServer.NewPrefix(), Timeout = Duration.FromSeconds(5) };

    /// <summary>The keys of this store that match a pattern, on a server by itself.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string pattern) => await Link.RunAsync(
        RedisUse.Read,
        async database => (IReadOnlyList<string>)(string[])(await database.ScriptEvaluateAsync("return redis.call('KEYS', ARGV[1])", [], [Settings.Prefix + pattern]))!,
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Sweeper.Dispose();
        await Link.DisposeAsync();
        _loggers.Dispose();
        Meters.Dispose();
    }
}
