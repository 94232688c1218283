using EdgeAuth.Storage;

namespace EdgeAuth.Tests.Limits.ManyNodes;

/// <summary>A ledger that several nodes share, and that counts the trips to it.</summary>
internal sealed class CountingLedger(ILedger inner) : ILedger, IRateLedger
{
    private int _trips;

    /// <summary>Calls that reached the ledger, of whichever kind.</summary>
    public int Trips => _trips;

    /// <summary>Runs before a call reaches the ledger.</summary>
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    public RateWindows? LocalRates => null;

    public IRateLedger? SharedRates => this;

    public async ValueTask<(RateGrant Rate, QuotaGrant? Quota)> LeaseAsync(RateDemand rate, QuotaDemand? quota, CancellationToken cancellationToken)
    {
        await TripAsync();
        return await inner.SharedRates!.LeaseAsync(rate, quota, cancellationToken);
    }

    public async ValueTask<QuotaGrant> LeaseAsync(QuotaDemand demand, CancellationToken cancellationToken)
    {
        await TripAsync();
        return await inner.LeaseAsync(demand, cancellationToken);
    }

    public async ValueTask ReturnAsync(CounterId counter, QuotaReturn returned, CancellationToken cancellationToken)
    {
        await TripAsync();
        await inner.ReturnAsync(counter, returned, cancellationToken);
    }

    public async ValueTask<QuotaReading?> ReadAsync(CounterId counter, CancellationToken cancellationToken)
    {
        await TripAsync();
        return await inner.ReadAsync(counter, cancellationToken);
    }

    public ValueTask ResetAsync(string owner, CancellationToken cancellationToken) => inner.ResetAsync(owner, cancellationToken);

    private Task TripAsync()
    {
        Interlocked.Increment(ref _trips);
        return Before();
    }
}
