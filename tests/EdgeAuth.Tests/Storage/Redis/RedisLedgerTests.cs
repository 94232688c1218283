using EdgeAuth.Storage;
using EdgeAuth.Tests.Limits.ManyNodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

public sealed class RedisLedgerTests : LedgerContract
{
    private protected override Task<Opened<ILedger>> OpenAsync() => RedisStore.OpenAsync<ILedger>(Time, static store => store.Ledger);
}

public sealed class RedisLedgerModelTests : LedgerModelContract
{
    private protected override Task<Opened<ILedger>> OpenAsync() => RedisStore.OpenAsync<ILedger>(Time, static store => store.Ledger);
}

public sealed class RedisSharedRateTests : SharedRateContract
{
    protected override int Runs => 60;

    private protected override Task<Opened<IRateLedger>> OpenAsync() => RedisStore.OpenAsync<IRateLedger>(LedgerClock, static store => store.Ledger);
}
