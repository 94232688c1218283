using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Sqlite;

public sealed class SqliteRecordStoreTests : RecordStoreContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => SqliteStore.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class SqliteRecordIndexTests : RecordIndexContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => SqliteStore.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class SqliteRecordStoreModelTests : RecordStoreModelContract
{
    private protected override Task<Opened<IRecordStore>> OpenAsync() => SqliteStore.OpenAsync<IRecordStore>(Time, static store => store.Records);
}

public sealed class SqliteLedgerTests : LedgerContract
{
    private protected override Task<Opened<ILedger>> OpenAsync() => SqliteStore.OpenAsync<ILedger>(Time, static store => store.Ledger);
}

public sealed class SqliteLedgerModelTests : LedgerModelContract
{
    private protected override Task<Opened<ILedger>> OpenAsync() => SqliteStore.OpenAsync<ILedger>(Time, static store => store.Ledger);
}

public sealed class InProcessChangeLogTests : ChangeLogContract
{
    private protected override (int Least, int Most) Capacity => (InProcessChangeLog.Capacity, InProcessChangeLog.Capacity);

    private protected override Task<Opened<IChangeLog>> OpenAsync() =>
        Task.FromResult(new Opened<IChangeLog>(new InProcessChangeLog(), static () => Task.CompletedTask));
}

public sealed class InProcessNodeRegistryTests : NodeRegistryContract
{
    private readonly FakeTime _time = new();

    private protected override Task<Opened<INodeRegistry>> OpenAsync() =>
        Task.FromResult(new Opened<INodeRegistry>(new InProcessNodeRegistry(_time), static () => Task.CompletedTask));

    private protected override Task PassLifetimeAsync()
    {
        _time.Advance(INodeRegistry.Lifetime);
        return Task.CompletedTask;
    }
}
