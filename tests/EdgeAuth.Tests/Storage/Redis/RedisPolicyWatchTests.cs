using EdgeAuth.Storage.Redis;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>A Redis that evicts keys is told of; one that may not be asked is left in peace.</summary>
public sealed class RedisPolicyWatchTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-ttl")]
    public async Task Eviction_IsWarnedOf_UntilItIsSwitchedOff(string policy)
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", policy);
        await using var store = new RedisStore(RedisStore.OptionsFor(server.Configuration), TimeProvider.System);
        using var watch = new RedisPolicyWatch(store.Link, store.Outage, TimeProvider.System, NullLogger<RedisPolicyWatch>.Instance);

        await watch.LookAsync(None);
        Assert.Contains($"maxmemory-policy {policy}", store.Outage.Warning, StringComparison.Ordinal);
        await server.CliAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await watch.LookAsync(None);

        Assert.Null(store.Outage.Warning);
    }

    [Fact]
    public async Task RedisThatMayNotTell_IsNotDownForIt()
    {
        await using var server = await RedisServer.StartAsync("--rename-command", "INFO", "");
        await using var store = new RedisStore(RedisStore.OptionsFor(server.Configuration), TimeProvider.System);
        using var watch = new RedisPolicyWatch(store.Link, store.Outage, TimeProvider.System, NullLogger<RedisPolicyWatch>.Instance);

        for (var i = 0; i < 3; i++)
        {
            await watch.LookAsync(None);
        }

        Assert.Null(store.Outage.Warning);
        Assert.False(store.Outage.IsDown);
    }
}
