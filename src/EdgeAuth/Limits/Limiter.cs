using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>Charges requests to rate windows and quotas. A refused request is charged to nothing.</summary>
internal sealed class Limiter(RateBook rates, QuotaBook quotas, TimeProvider time)
{
    // A ledger that answers too slowly for its leases to be of use must not hold requests up for ever.
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Charges a request if that needs no trip. False when the ledger must be asked: <see cref="FinishAsync"/> goes on with the status. An
    /// undecided request is one that a later step may refuse: <see cref="Keep"/> or <see cref="GiveBack(in LimitStatus)"/> ends what it began.
    /// </summary>
    public bool TryCharge(SessionView view, SlottedLimit limit, in KeyHash key, CompiledApi api, bool undecided, out LimitStatus status) =>
        TryCharge(view, limit, view.Counters(limit.Slot) as BoundLimits ?? Bind(view, limit, view.SharedOwner ?? key.ToHex()), api.LimitsRate, api.LimitsQuota, undecided, out status);

    /// <summary>Charges an undecided request to its organisation, whatever the API switches off for keys.</summary>
    public bool TryCharge(OrgLimits org, out LimitStatus status) =>
        TryCharge(org.View, org.Limit, org.View.Counters(org.Limit.Slot) as BoundLimits ?? Bind(org.View, org.Limit, org.View.SharedOwner!), countsRate: true, countsQuota: true, undecided: true, out status);

    /// <summary>Charges a request to a rate of all callers of an API together, if that needs no trip. False when <see cref="ChargeAsync"/> must go on.</summary>
    public bool TryCharge(ApiRate rate, out ApiRateStatus status)
    {
        RateAnswer answer;
        while ((answer = Counter(rate).TryTake(time.GetTimestamp(), rate.Limit.Permits)).Outcome == RateOutcome.Retired)
        {
            rate.Counter = null;
        }

        status = new ApiRateStatus(rate.Limit, answer);
        return answer.Outcome != RateOutcome.Ask;
    }

    /// <summary>Charges a request to a rate of all callers of an API together.</summary>
    public async ValueTask<ApiRateStatus> ChargeAsync(ApiRate rate, CancellationToken cancellationToken)
    {
        ApiRateStatus status;
        try
        {
            while (!TryCharge(rate, out status))
            {
                await rates.AskAsync((RateLease)Counter(rate), rate.Limit.Permits, quota: null, quotaLimit: null, cancellationToken);
            }
        }
        catch (StoreUnavailableException)
        {
            return new ApiRateStatus(rate.Limit, default) { IsUnavailable = true };
        }

        return status;
    }

    /// <summary>
    /// Asks for permits of a rate of all callers while something else is being asked for, so that a request does not wait twice. What is gained in
    /// vain stays with the lease, and goes back when that is idle.
    /// </summary>
    public async Task AskAheadAsync(ApiRate? rate, CancellationToken cancellationToken)
    {
        if (rate is null || Counter(rate) is not RateLease lease || !lease.MustAsk(time.GetTimestamp(), rate.Limit.Permits))
        {
            return;
        }

        try
        {
            await rates.AskAsync(lease, rate.Limit.Permits, quota: null, quotaLimit: null, cancellationToken);
        }
        catch (Exception error) when (error is StoreUnavailableException or OperationCanceledException)
        {
            // Whoever charges it finds out.
        }
    }

    /// <summary>Ends what an undecided request began: it was admitted.</summary>
    public static void Keep(in LimitStatus charged)
    {
        if (charged is { IsUndecided: true, Quota.Outcome: QuotaOutcome.Spent })
        {
            charged.Limits!.Counter!.Keep(charged.Quota.Series);
        }
    }

    /// <summary>Takes back what an undecided request was charged that was refused. The figures are as if it had never been charged.</summary>
    public LimitStatus GiveBack(in LimitStatus charged)
    {
        if (charged.Limits is not { } limits)
        {
            return charged;
        }

        var quota = charged.Quota;
        if (quota.Outcome == QuotaOutcome.Spent)
        {
            limits.Counter!.GiveBack(quota.Series, time.GetTimestamp());
            quota = quota with { Remaining = quota.Remaining + 1 };
        }

        return charged with { Verdict = LimitVerdict.GivenBack, Rate = GiveBack(limits, charged.Rate), Quota = quota, IsUndecided = false };
    }

    /// <summary>
    /// Goes on with a request that needs the ledger: to spend its quota, or only to tell it where the rate has refused. What was charged is
    /// given back unless it is admitted.
    /// </summary>
    public ValueTask<LimitStatus> FinishAsync(SessionView view, SlottedLimit limit, LimitStatus begun, CancellationToken cancellationToken) =>
        begun.Verdict == LimitVerdict.RateExceeded ? TellAsync(view, limit, begun, cancellationToken)
        : begun is { CountsRate: true, Limits.Rate: RateLease } ? TakeAsync(view, limit, begun, cancellationToken)
        : SpendAsync(view, limit, begun, cancellationToken);

    private bool TryCharge(SessionView view, SlottedLimit limit, BoundLimits limits, bool countsRate, bool countsQuota, bool undecided, out LimitStatus status)
    {
        // Only now: what is charged under an earlier instant is forgotten that much too early.
        var now = time.GetTimestamp();
        var counted = countsQuota ? limits.Spec.Quota : null;
        RateAnswer rate = default;
        if (countsRate && limits.Spec.Rate is { } rateLimit)
        {
            while ((rate = limits.Rate!.TryTake(now, rateLimit.Permits)).Outcome == RateOutcome.Retired)
            {
                limits = Bind(view, limit, limits.Owner);
                now = time.GetTimestamp();
            }

            if (rate.Outcome == RateOutcome.Refused)
            {
                var shown = counted is { } known ? limits.Counter!.Peek(known.Permits, now) : default;
                status = new LimitStatus(LimitVerdict.RateExceeded, limits, rate, shown);
                return counted is null || !MustAsk(shown);
            }

            if (rate.Outcome == RateOutcome.Ask)
            {
                status = new LimitStatus(LimitVerdict.Admitted, limits, rate, default) { IsUndecided = undecided, CountsRate = countsRate, CountsQuota = countsQuota };
                return false;
            }
        }

        QuotaAnswer quota = default;
        if (counted is { } quotaLimit)
        {
            quota = limits.Counter!.TrySpend(quotaLimit.Permits, undecided, now);

            // A permit of a lease is not kept over a trip: the call that refills it would report it as spent.
            if (quota.Outcome == QuotaOutcome.Refused || (MustAsk(quota) && limits.Rate is RateLease))
            {
                rate = GiveBack(limits, rate);
            }
        }

        status = new LimitStatus(quota.Outcome == QuotaOutcome.Refused ? LimitVerdict.QuotaExceeded : LimitVerdict.Admitted, limits, rate, quota)
        {
            IsUndecided = undecided,
            CountsRate = countsRate,
            CountsQuota = countsQuota,
        };
        return counted is null || !MustAsk(quota);
    }

    // Where the rate is leased: asks for whichever is short, and for both with one trip if the rate is, until both have a permit or one refuses.
    private async ValueTask<LimitStatus> TakeAsync(SessionView view, SlottedLimit limit, LimitStatus begun, CancellationToken cancellationToken)
    {
        var status = begun;
        var since = time.GetTimestamp();
        try
        {
            do
            {
                if (time.GetElapsedTime(since) > MostWait)
                {
                    return status with { Verdict = LimitVerdict.Unavailable };
                }

                var (lease, counter, spec) = ((RateLease)status.Limits!.Rate!, begun.CountsQuota ? status.Limits.Counter : null, status.Limits.Spec);
                if (status.Rate.Outcome == RateOutcome.Ask)
                {
                    await rates.AskAsync(lease, spec.Rate!.Value.Permits, counter, spec.Quota, cancellationToken);
                }
                else
                {
                    await quotas.AskAsync(counter!, spec.Quota!.Value, cancellationToken);
                }

                var limits = view.Counters(limit.Slot) as BoundLimits ?? status.Limits;
                if (TryCharge(view, limit, limits, begun.CountsRate, begun.CountsQuota, begun.IsUndecided, out status))
                {
                    return status;
                }

                if (status.Quota.Outcome == QuotaOutcome.Retired)
                {
                    status = status with { Limits = Bind(view, limit, status.Limits!.Owner) };
                }
            }
            while (status.Verdict != LimitVerdict.RateExceeded);
        }
        catch (StoreUnavailableException)
        {
            return status with { Verdict = LimitVerdict.Unavailable };
        }

        return await TellAsync(view, limit, status, cancellationToken);
    }

    private async ValueTask<LimitStatus> TellAsync(SessionView view, SlottedLimit limit, LimitStatus begun, CancellationToken cancellationToken)
    {
        var limits = begun.Limits!;
        try
        {
            QuotaAnswer told;
            while ((told = await quotas.TellAsync(limits.Counter!, limits.Spec.Quota!.Value, cancellationToken)).Outcome == QuotaOutcome.Retired)
            {
                limits = Bind(view, limit, limits.Owner);
            }

            return begun with { Limits = limits, Quota = told };
        }
        catch (StoreUnavailableException)
        {
            // Nothing left is never more than the truth.
            return begun;
        }
    }

    private async ValueTask<LimitStatus> SpendAsync(SessionView view, SlottedLimit limit, LimitStatus begun, CancellationToken cancellationToken)
    {
        var limits = begun.Limits!;
        QuotaAnswer quota;
        try
        {
            while ((quota = await quotas.SpendAsync(limits.Counter!, limits.Spec.Quota!.Value, begun.IsUndecided, cancellationToken)).Outcome == QuotaOutcome.Retired)
            {
                limits = Bind(view, limit, limits.Owner);
            }
        }
        catch (StoreUnavailableException)
        {
            return begun with { Verdict = LimitVerdict.Unavailable, Rate = GiveBack(begun.Limits!, begun.Rate) };
        }
        catch
        {
            GiveBack(begun.Limits!, begun.Rate);
            throw;
        }

        return quota.Outcome == QuotaOutcome.Spent
            ? begun with { Limits = limits, Quota = quota }
            : new LimitStatus(LimitVerdict.QuotaExceeded, limits, GiveBack(begun.Limits!, begun.Rate), quota);
    }

    private BoundLimits Bind(SessionView view, SlottedLimit limit, string owner)
    {
        var spec = limit.Limits;
        var bound = new BoundLimits(
            spec,
            owner,
            spec.Rate is { } rate ? rates.Find(new CounterId(owner, spec.RateScope), rate.Window) : null,
            spec.Quota is null ? null : quotas.Find(new CounterId(owner, spec.Scope)));
        view.Counters(limit.Slot) = bound;
        return bound;
    }

    private RateCounter Counter(ApiRate rate)
    {
        if (rate.Counter is RateCounter counter)
        {
            return counter;
        }

        counter = rates.Find(new CounterId(CounterOwner.OfApi(rate.Api), rate.Scope), rate.Limit.Window);
        rate.Counter = counter;
        return counter;
    }

    private static bool MustAsk(in QuotaAnswer quota) => quota.Outcome is QuotaOutcome.Ask or QuotaOutcome.Retired;

    // What is told of the window afterwards is as if the permit had never been taken.
    private static RateAnswer GiveBack(BoundLimits limits, in RateAnswer rate) =>
        rate.Outcome == RateOutcome.Taken ? limits.Rate!.GiveBack(rate, limits.Spec.Rate!.Value.Permits) : rate;
}
