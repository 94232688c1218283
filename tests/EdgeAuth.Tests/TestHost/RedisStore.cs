using EdgeAuth.Storage;
using EdgeAuth.Storage.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The shared store over the tests' Redis, as one process holds it, under a prefix of its own.</summary>
internal sealed class RedisStore : IAsyncDisposable
{
    // Properties block threads of a busy machine; how long a call takes is not what they are about.
    private static readonly Duration Patience = Duration.FromSeconds(10);

    public RedisStore(RedisServer server, TimeProvider time, string? prefix = null)
    {
        var options = Options.Create(new StorageOptions { Provider = "redis", Redis = new RedisOptions { Configuration = server.Configuration, Prefix = prefix ?? RedisServer.NewPrefix(), Timeout = Patience } });
        Outage = new StoreOutage(options, time);
        Link = new RedisLink(options, Outage, new RedisMetrics(new TestMeters(), Outage), NullLogger<RedisLink>.Instance);
        Ledger = new RedisLedger(Link, new LedgerClock(time));
    }

    public StoreOutage Outage { get; }

    public RedisLink Link { get; }

    public RedisLedger Ledger { get; }

    /// <summary>A part of a store in a keyspace of its own, for the contract tests.</summary>
    public static Task<Opened<T>> OpenAsync<T>(TimeProvider time, Func<RedisStore, T> part)
    {
        var store = new RedisStore(RedisServer.Shared, time);
        return Task.FromResult(new Opened<T>(part(store), () => store.DisposeAsync().AsTask()));
    }

    public ValueTask DisposeAsync() => Link.DisposeAsync();
}
