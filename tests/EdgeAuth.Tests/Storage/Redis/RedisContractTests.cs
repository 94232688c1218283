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
}

public sealed class RedisNodeRegistryTests : NodeRegistryContract
{
    private protected override Task<Opened<INodeRegistry>> OpenAsync() => RedisStore.OpenAsync<INodeRegistry>(TimeProvider.System, static store => store.Nodes);
}
