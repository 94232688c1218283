using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Limits;

/// <summary>The quota counters of this node, by owner and scope.</summary>
internal sealed class QuotaBook : IDisposable
{
    private const int MostReadings = 2;

    private readonly ConcurrentDictionary<string, ImmutableArray<QuotaCounter>> _owners = new(StringComparer.Ordinal);
    private readonly ILedger _ledger;
    private readonly Invalidations _invalidations;
    private readonly Peers _peers;
    private readonly LimitsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly int _mostWaiting;
    private readonly TimeSpan _idleAfter;

    public QuotaBook(ILedger ledger, Invalidations invalidations, Peers peers, LimitsMetrics metrics, TimeProvider time, IOptions<LimitsOptions> options)
    {
        (_ledger, _invalidations, _peers, _metrics, _time) = (ledger, invalidations, peers, metrics, time);
        (_mostWaiting, _idleAfter) = (options.Value.MaxWaiters, options.Value.LeaseIdle);
        invalidations.Applied += OnChanged;
    }

    public QuotaCounter Find(CounterId id)
    {
        while (true)
        {
            var known = _owners.GetOrAdd(id.Owner, static _ => []);
            foreach (var counter in known)
            {
                if (string.Equals(counter.Id.Scope, id.Scope, StringComparison.Ordinal))
                {
                    return counter;
                }
            }

            var added = new QuotaCounter(id, _idleAfter, _peers);
            if (_owners.TryUpdate(id.Owner, known.Add(added), known))
            {
                return added;
            }
        }
    }

    /// <summary>Spends a permit, asking the ledger when the lease does not have one. One that is undecided must be settled afterwards.</summary>
    /// <exception cref="StoreUnavailableException">The ledger cannot be asked, or too many wait for it.</exception>
    public async ValueTask<QuotaAnswer> SpendAsync(QuotaCounter counter, QuotaLimit limit, bool undecided, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = counter.TrySpend(limit.Permits, undecided, _time.GetTimestamp());
            if (answer.Outcome != QuotaOutcome.Ask)
            {
                return answer;
            }

            await AskAsync(counter, limit, cancellationToken);
        }
    }

    /// <summary>Asks the ledger for permits, once however many wait, to spend one afterwards.</summary>
    /// <exception cref="StoreUnavailableException">The ledger cannot be asked, or too many wait for it.</exception>
    public async ValueTask AskAsync(QuotaCounter counter, QuotaLimit limit, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            if (!counter.TryJoinCall(joined => AskAsync(joined, limit), _mostWaiting, out var call))
            {
                throw TooManyWait();
            }

            try
            {
                await call.WaitAsync(cancellationToken);
                return;
            }
            catch (StoreUnavailableException) when (!isRetry && _ledger.SharedRates is not null)
            {
                // One call lost on its way is no outage, and the next one frees what it may have been granted.
            }
        }
    }

    /// <summary>The counter as it stands, this node's unspent lease added back; null when no period is running.</summary>
    public async ValueTask<QuotaUse?> ReadAsync(string owner, string scope, CancellationToken cancellationToken)
    {
        var id = new CounterId(owner, scope);
        var reading = await _ledger.ReadAsync(id, cancellationToken);
        return reading is null ? null : new QuotaUse(Math.Max(0, reading.Used - Find(id).Unspent(_time.GetTimestamp())), reading.PeriodEnds);
    }

    /// <summary>The figures of a counter, read from the ledger once where they are not known; nothing is spent.</summary>
    /// <exception cref="StoreUnavailableException">The ledger cannot be asked, or too many wait for it.</exception>
    public async ValueTask<QuotaAnswer> TellAsync(QuotaCounter counter, QuotaLimit limit, CancellationToken cancellationToken)
    {
        for (var readings = 0; ; readings++)
        {
            var now = _time.GetTimestamp();
            var answer = counter.Peek(limit.Permits, now);
            if (answer.Outcome != QuotaOutcome.Ask)
            {
                return answer;
            }

            // A period that has ended by this node's clock and not by the ledger's stays unknown; nothing left is never more than the truth.
            if (readings == MostReadings)
            {
                return new QuotaAnswer(QuotaOutcome.Told, 0, null);
            }

            if (!counter.TryJoinReading(now, LearnAsync, _mostWaiting, out var call))
            {
                throw TooManyWait();
            }

            await call.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Returns the leases that were not used since an instant; <see cref="long.MaxValue"/> returns them all.</summary>
    public async Task ReturnIdleAsync(long idleSince)
    {
        // One that fails must not keep the others here; after a second one nothing is to be expected any more.
        StoreUnavailableException? failure = null;
        foreach (var counter in _owners.Values.SelectMany(static counters => counters))
        {
            try
            {
                if (counter.TryReturn(idleSince, ReturnAsync, out var returning))
                {
                    await returning;
                }
            }
            catch (StoreUnavailableException error) when (failure is null)
            {
                failure = error;
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Forgets the counters that hold nothing and were not used since an instant.</summary>
    public void Trim(long unusedSince)
    {
        foreach (var owner in _owners.Keys)
        {
            // A retired counter must not be found again, so a change that came between is taken in.
            while (_owners.TryGetValue(owner, out var counters))
            {
                var kept = counters.RemoveAll(counter => counter.TryRetire(unusedSince));
                if (kept.IsEmpty ? _owners.TryRemove(KeyValuePair.Create(owner, counters)) : kept == counters || _owners.TryUpdate(owner, kept, counters))
                {
                    break;
                }
            }
        }
    }

    /// <summary>What to ask the ledger for, as a counter composed it.</summary>
    public static QuotaDemand Demand(QuotaCounter counter, QuotaLimit limit, in QuotaAsk ask) =>
        new(counter.Id, limit.Permits, limit.Period, ask.Wanted, ask.Return) { LeaseId = ask.LeaseId };

    public void Dispose() => _invalidations.Applied -= OnChanged;

    private async Task AskAsync(QuotaCounter counter, QuotaLimit limit)
    {
        // Off the caller's lock, and so that requests arriving at the same moment are counted in.
        await Task.Yield();
        var sentAt = _time.GetTimestamp();
        var ask = counter.BeginAsk(limit.Permits, sentAt, _time);
        QuotaGrant? grant = null;
        try
        {
            _metrics.Refilled();
            grant = await _ledger.LeaseAsync(Demand(counter, limit, ask), CancellationToken.None);
        }
        finally
        {
            counter.EndAsk(ask, grant, sentAt, _time);
        }
    }

    private async Task LearnAsync(QuotaCounter counter)
    {
        // Off the counter's lock.
        await Task.Yield();
        var ask = counter.BeginReading();
        var unsent = ask.Return;
        try
        {
            if (unsent is { } doubtful)
            {
                _metrics.Returned();
                await _ledger.ReturnAsync(counter.Id, doubtful, CancellationToken.None);
                unsent = null;
            }

            counter.Learn(ask.Epoch, await _ledger.ReadAsync(counter.Id, CancellationToken.None), _time);
        }
        finally
        {
            counter.EndReturn(unsent);
        }
    }

    private async Task ReturnAsync(QuotaCounter counter, QuotaReturn idle)
    {
        // Off the counter's lock.
        await Task.Yield();
        QuotaReturn? unsent = idle;
        try
        {
            _metrics.Returned();
            await _ledger.ReturnAsync(counter.Id, idle, CancellationToken.None);
            unsent = null;
        }
        finally
        {
            counter.EndReturn(unsent);
        }
    }

    private void OnChanged(object? sender, ChangesEventArgs changes)
    {
        if (changes.IsEverything)
        {
            foreach (var counters in _owners.Values)
            {
                Reset(counters);
            }

            return;
        }

        foreach (var id in changes.Changed)
        {
            if (id.Kind == RecordKind.Counter && _owners.TryGetValue(id.Id, out var counters))
            {
                Reset(counters);
            }
        }
    }

    private static void Reset(ImmutableArray<QuotaCounter> counters)
    {
        foreach (var counter in counters)
        {
            counter.Reset();
        }
    }

    private static StoreUnavailableException TooManyWait() => new("Too many requests wait for one counter.");
}
