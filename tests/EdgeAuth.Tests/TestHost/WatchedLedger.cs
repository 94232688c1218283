using System.Collections.Concurrent;
using EdgeAuth.Storage;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A ledger that counts the calls to it, and that can hold them up or fail them.</summary>
internal sealed class WatchedLedger(ILedger inner) : ILedger
{
    private int _reads;

    /// <summary>The leases asked for, in order.</summary>
    public ConcurrentQueue<QuotaDemand> Demands { get; } = new();

    /// <summary>What was granted last, and under which maximum.</summary>
    public (QuotaGrant Grant, long Maximum)? LastGrant { get; private set; }

    /// <summary>The leases returned in a call of their own.</summary>
    public ConcurrentQueue<QuotaReturn> Returns { get; } = new();

    /// <summary>How often a counter was read.</summary>
    public int Reads => _reads;

    /// <summary>Runs before a call reaches the ledger.</summary>
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    /// <summary>Runs before the ledger's answer reaches the caller.</summary>
    public Func<Task> After { get; set; } = static () => Task.CompletedTask;

    public RateWindows? LocalRates => inner.LocalRates;

    public IRateLedger? SharedRates => inner.SharedRates;

    public async ValueTask<QuotaGrant> LeaseAsync(QuotaDemand demand, CancellationToken cancellationToken)
    {
        Demands.Enqueue(demand);
        await Before();
        var grant = await inner.LeaseAsync(demand, cancellationToken);
        LastGrant = grant.Granted > 0 ? (grant, demand.Maximum) : LastGrant;
        await After();
        return grant;
    }

    public async ValueTask ReturnAsync(CounterId counter, QuotaReturn returned, CancellationToken cancellationToken)
    {
        Returns.Enqueue(returned);
        await Before();
        await inner.ReturnAsync(counter, returned, cancellationToken);
        await After();
    }

    public async ValueTask<QuotaReading?> ReadAsync(CounterId counter, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        await Before();
        var reading = await inner.ReadAsync(counter, cancellationToken);
        await After();
        return reading;
    }

    public ValueTask ResetAsync(string owner, CancellationToken cancellationToken) => inner.ResetAsync(owner, cancellationToken);
}
