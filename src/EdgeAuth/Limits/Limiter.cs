using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>Charges requests to rate windows and quotas. A refused request is charged to nothing.</summary>
internal sealed class Limiter(ILedger ledger, QuotaBook quotas)
{
    /// <summary>
    /// Charges a request if that needs no trip. False when the ledger must be asked: <see cref="FinishAsync"/> goes on with the status.
    /// </summary>
    public bool TryCharge(SessionView view, SlottedLimit limit, in KeyHash key, CompiledApi api, long now, out LimitStatus status)
    {
        var limits = view.Counters(limit.Slot) as BoundLimits ?? Bind(view, limit, key.ToHex());
        RateAnswer rate = default;
        if (api.LimitsRate && limits.Spec.Rate is { } rateLimit)
        {
            rate = limits.Window!.TryTake(now, rateLimit.Permits);
            while (rate.Outcome == RateOutcome.Retired)
            {
                limits = Bind(view, limit, limits.Owner);
                rate = limits.Window!.TryTake(now, rateLimit.Permits);
            }

            if (rate.Outcome == RateOutcome.Refused)
            {
                status = new LimitStatus(LimitVerdict.RateExceeded, limits, rate, Peek(limits, now));
                return true;
            }
        }

        QuotaAnswer quota = default;
        if (api.LimitsQuota && limits.Spec.Quota is { } quotaLimit)
        {
            quota = limits.Counter!.TrySpend(quotaLimit.Permits, now);
            if (quota.Outcome == QuotaOutcome.Refused)
            {
                GiveBack(limits, rate);
            }
        }

        status = new LimitStatus(quota.Outcome == QuotaOutcome.Refused ? LimitVerdict.QuotaExceeded : LimitVerdict.Admitted, limits, rate, quota);
        return !MustAsk(limits, api, quota);
    }

    /// <summary>Goes on with a request whose quota needs the ledger. What was charged is given back unless it is admitted.</summary>
    public async ValueTask<LimitStatus> FinishAsync(SessionView view, SlottedLimit limit, LimitStatus begun, CancellationToken cancellationToken)
    {
        var limits = begun.Limits!;
        var admitted = false;
        try
        {
            QuotaAnswer quota;
            while ((quota = await quotas.SpendAsync(limits.Counter!, limits.Spec.Quota!.Value, cancellationToken)).Outcome == QuotaOutcome.Retired)
            {
                limits = Bind(view, limit, limits.Owner);
            }

            admitted = quota.Outcome == QuotaOutcome.Spent;
            return new LimitStatus(admitted ? LimitVerdict.Admitted : LimitVerdict.QuotaExceeded, limits, begun.Rate, quota);
        }
        catch (StoreUnavailableException)
        {
            return begun with { Verdict = LimitVerdict.Unavailable };
        }
        finally
        {
            if (!admitted)
            {
                GiveBack(begun.Limits!, begun.Rate);
            }
        }
    }

    private BoundLimits Bind(SessionView view, SlottedLimit limit, string owner)
    {
        var spec = limit.Limits;
        var bound = new BoundLimits(
            spec,
            owner,
            spec.Rate is { } rate ? ledger.LocalRates.Find(new CounterId(owner, spec.RateScope), rate.Window) : null,
            spec.Quota is null ? null : quotas.Find(new CounterId(owner, spec.Scope)));
        view.Counters(limit.Slot) = bound;
        return bound;
    }

    private static bool MustAsk(BoundLimits limits, CompiledApi api, in QuotaAnswer quota) =>
        api.LimitsQuota && limits.Spec.Quota is not null && quota.Outcome is (QuotaOutcome.Ask or QuotaOutcome.Retired);

    private static void GiveBack(BoundLimits limits, in RateAnswer rate)
    {
        if (rate.Outcome == RateOutcome.Taken)
        {
            limits.Window!.GiveBack(rate);
        }
    }

    private static QuotaAnswer Peek(BoundLimits limits, long now) =>
        limits.Spec.Quota is { } quota ? limits.Counter!.Peek(quota.Permits, now) ?? new QuotaAnswer(QuotaOutcome.Ask, quota.Permits, null) : default;
}
