using EdgeAuth.Storage;
using EdgeAuth.Storage.Redis;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

public sealed class RedisRecordStoreTests : RecordStoreContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => RedisStore.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class RedisRecordIndexTests : RecordIndexContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => RedisStore.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class RedisRecordStoreModelTests : RecordStoreModelContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => RedisStore.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class RedisChangeLogTests : ChangeLogContract
{
    private protected override (int Least, int Most) Capacity => (RedisChangeLog.Capacity, RedisChangeLog.Capacity);

    private protected override Task<Opened<IChangeLog>> OpenAsync() => RedisStore.OpenAsync<IChangeLog>(TimeProvider.System, static store => store.Log);

    [Fact]
    public async Task Read_TellsHowOldEachChangeIs()
    {
        await Log.AppendAsync([new RecordId(RecordKind.Key, "a"), new RecordId(RecordKind.Client, "realm/b:c")], CancellationToken.None);
        await Task.Delay(30);
        await Log.AppendAsync([new RecordId(RecordKind.Reload, "")], CancellationToken.None);

        var page = await Log.ReadAsync(0, CancellationToken.None);

        Assert.Equal([new RecordId(RecordKind.Key, "a"), new RecordId(RecordKind.Client, "realm/b:c"), new RecordId(RecordKind.Reload, "")], page.Changes);
        Assert.Equal(page.Changes.Count, page.Ages.Count);
        Assert.Equal(page.Ages[0], page.Ages[1]);
        Assert.True(page.Ages[2] >= TimeSpan.Zero && page.Ages[0] >= page.Ages[2] + TimeSpan.FromMilliseconds(25));
    }
}

public sealed class RedisNodeRegistryTests : NodeRegistryContract
{
    // Longer than a busy machine takes from one call to the next.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1.5);

    private protected override Task<Opened<INodeRegistry>> OpenAsync() =>
        RedisStore.OpenAsync<INodeRegistry>(TimeProvider.System, static store => new RedisNodeRegistry(store.Link) { Lifetime = Lifetime });

    private protected override Task PassLifetimeAsync() => Task.Delay(Lifetime + TimeSpan.FromMilliseconds(100));
}
