using System.Collections.Concurrent;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Limits;

/// <summary>The rate counters of this node by counter and window: windows of its own, or its shares of those that several nodes count together.</summary>
internal sealed class RateBook : IDisposable
{
    private readonly ConcurrentDictionary<(CounterId Counter, TimeSpan Window), RateLease> _leases = new();

    // Those that hold permits nobody waits for, which go back when they are not used.
    private readonly ConcurrentDictionary<RateLease, bool> _watched = new();
    private readonly SemaphoreSlim _someWatched = new(0);
    private readonly ILedger _ledger;
    private readonly Invalidations _invalidations;
    private readonly Peers _peers;
    private readonly LimitsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly int _mostWaiting;

    public RateBook(ILedger ledger, Invalidations invalidations, Peers peers, LimitsMetrics metrics, TimeProvider time, IOptions<LimitsOptions> options)
    {
        (_ledger, _invalidations, _peers, _metrics, _time) = (ledger, invalidations, peers, metrics, time);
        _mostWaiting = options.Value.MaxWaiters;
        metrics.CountWindows = () => Count;
        invalidations.Applied += OnChanged;
    }

    /// <summary>How many counters there are.</summary>
    public int Count => _ledger.LocalRates?.Count ?? _leases.Count;

    /// <summary>Whether rates are counted together with other nodes.</summary>
    public bool AreShared => _ledger.SharedRates is not null;

    /// <summary>The counter of a rate. A changed window is another counter: what was counted under the old one does not carry over.</summary>
    public RateCounter Find(CounterId counter, TimeSpan window) =>
        _ledger.LocalRates is { } local
            ? local.Find(counter, window)
            : _leases.GetOrAdd((counter, window), static (id, book) => new RateLease(id.Counter, id.Window, book._peers, book._time, book.Watch), this);

    /// <summary>
    /// Asks the ledger for permits, once however many wait; with the same trip for those of a quota of the same owner, if it is short of them.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The ledger cannot be asked, or too many wait for it.</exception>
    public async ValueTask AskAsync(RateLease lease, long permits, QuotaCounter? quota, QuotaLimit? quotaLimit, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            if (!lease.TryJoinCall(joined => AskAsync(joined, permits, quota, quotaLimit), _mostWaiting, out var call))
            {
                throw new StoreUnavailableException("Too many requests wait for one counter.");
            }

            try
            {
                await call.WaitAsync(cancellationToken);
                return;
            }
            catch (StoreUnavailableException) when (!isRetry)
            {
                // One lost call is no outage, and the next one frees what it may have been granted.
            }
        }
    }

    /// <summary>Waits until there is a lease that may have to be returned.</summary>
    public async Task WaitForWatchedAsync(CancellationToken cancellationToken)
    {
        while (_watched.IsEmpty)
        {
            await _someWatched.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Returns the leases that are idle, or all.</summary>
    public async Task ReturnAsync(bool all)
    {
        foreach (var lease in _watched.Keys)
        {
            if (lease.TryReturn(_time.GetTimestamp(), all, ReturnAsync, out var returning))
            {
                await returning;
            }
            else if (!lease.Holds && _watched.TryRemove(lease, out _) && lease.Holds)
            {
                Watch(lease);
            }
        }
    }

    /// <summary>Forgets the counters that hold nothing and were not used since an instant.</summary>
    public void Trim(long unusedSince)
    {
        _ledger.LocalRates?.Trim();
        foreach (var (id, lease) in _leases)
        {
            if (lease.TryRetire(unusedSince))
            {
                _leases.TryRemove(KeyValuePair.Create(id, lease));
            }
        }
    }

    public void Dispose()
    {
        _invalidations.Applied -= OnChanged;
        _someWatched.Dispose();
    }

    private async Task AskAsync(RateLease lease, long permits, QuotaCounter? quota, QuotaLimit? quotaLimit)
    {
        // Off the caller's lock, and so that requests arriving at the same moment are counted in.
        await Task.Yield();
        var sentAt = _time.GetTimestamp();
        var demand = lease.BeginAsk(permits, sentAt);
        using var ride = quota is null ? null : QuotaRide.TryBegin(quota, quotaLimit!.Value, Math.Max(demand.Waiters, lease.LastGranted), sentAt, _time);
        RateGrant? granted = null;
        try
        {
            _metrics.Refilled(demand);
            (granted, var quotaGranted) = await _ledger.SharedRates!.LeaseAsync(demand, ride?.Demand, CancellationToken.None);
            ride?.Arrived(quotaGranted!);
        }
        finally
        {
            if (lease.EndAsk(demand, granted, _time.GetTimestamp()))
            {
                Watch(lease);
            }
        }
    }

    private void Watch(RateLease lease)
    {
        if (_watched.TryAdd(lease, true) && _someWatched.CurrentCount == 0)
        {
            _someWatched.Release();
        }
    }

    private async Task ReturnAsync(RateLease lease)
    {
        // Off the counter's lock.
        await Task.Yield();
        var demand = lease.BeginReturn(_time.GetTimestamp());
        RateGrant? heard = null;
        try
        {
            _metrics.Returned(demand);
            (heard, _) = await _ledger.SharedRates!.LeaseAsync(demand, quota: null, CancellationToken.None);
        }
        finally
        {
            lease.EndAsk(demand, heard, _time.GetTimestamp());
        }
    }

    private void OnChanged(object? sender, ChangesEventArgs changes)
    {
        if (changes.IsEverything)
        {
            foreach (var lease in _leases.Values)
            {
                lease.Void();
            }
        }
    }
}
