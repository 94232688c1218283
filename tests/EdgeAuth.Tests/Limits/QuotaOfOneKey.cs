using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Limits;

/// <summary>One key with a quota on one node, over a real ledger that is watched.</summary>
public abstract class QuotaOfOneKey : IAsyncLifetime
{
    private protected virtual long Maximum => 1000;
    private protected static readonly CancellationToken None = CancellationToken.None;
    private protected static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private protected static readonly KeyHash Key = KeyHash.Of("key");
    private Func<Task> _closeAsync = null!;

    private protected FakeTime Time { get; } = new();

    private protected SqliteStore Store { get; private set; } = null!;

    private protected WatchedLedger Ledger { get; private set; } = null!;

    private protected Node Node { get; private set; } = null!;

    private protected QuotaCounter Counter => Node.Quotas.Find(new CounterId(Key.ToHex(), ""));

    private protected long Unspent => Counter.Unspent(Time.GetTimestamp());

    public async Task InitializeAsync()
    {
        (Store, _closeAsync) = await SqliteStore.OpenAsync(Time, static store => store);
        Ledger = new WatchedLedger(Store.Ledger);
        Node = Node.Over(Store.Records, Ledger, new InProcessChangeLog(), Time);
        await Node.Feed.ReadOnceAsync(None);
    }

    public Task DisposeAsync()
    {
        Node.Dispose();
        return _closeAsync();
    }

    // What is of interest is what is told, not of which leases it is.
    private protected async Task<QuotaAnswer> SpendAsync() => await Node.Quotas.SpendAsync(Counter, new QuotaLimit(Maximum, Period), undecided: false, None) with { Series = 0 };

    // Ten in a row: they show a pace that brings a lease larger than what they spend.
    private protected async Task SpendSomeAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            await SpendAsync();
        }

        Assert.True(Unspent > 0);
    }

    private protected async Task<int> SpendAllAsync()
    {
        var admitted = 0;
        while ((await SpendAsync()).Outcome == QuotaOutcome.Spent)
        {
            admitted++;
        }

        return admitted;
    }

    private protected async Task<long?> UsedInLedgerAsync() => (await Store.Ledger.ReadAsync(Counter.Id, None))?.Used;
}
