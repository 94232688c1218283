using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>Charges requests to rate windows and quotas. A refused request is charged to nothing.</summary>
internal sealed class Limiter(ILedger ledger, QuotaBook quotas, TimeProvider time)
{
    /// <summary>
    /// Charges a request if that needs no trip. False when the ledger must be asked: <see cref="FinishAsync"/> goes on with the status.
    /// </summary>
    public bool TryCharge(SessionView view, SlottedLimit limit, in KeyHash key, CompiledApi api, out LimitStatus status)
    {
        var limits = view.Counters(limit.Slot) as BoundLimits ?? Bind(view, limit, key.ToHex());

        // Only now: what is charged under an earlier instant is forgotten that much too early.
        var now = time.GetTimestamp();
        RateAnswer rate = default;
        if (api.LimitsRate && limits.Spec.Rate is { } rateLimit)
        {
            while ((rate = limits.Window!.TryTake(now, rateLimit.Permits)).Outcome == RateOutcome.Retired)
            {
                limits = Bind(view, limit, limits.Owner);
                now = time.GetTimestamp();
            }

            if (rate.Outcome == RateOutcome.Refused)
            {
                var shown = api.LimitsQuota && limits.Spec.Quota is { } counted ? limits.Counter!.Peek(counted.Permits, now) : default;
                status = new LimitStatus(LimitVerdict.RateExceeded, limits, rate, shown);
                return !MustAsk(limits, api, shown);
            }
        }

        QuotaAnswer quota = default;
        if (api.LimitsQuota && limits.Spec.Quota is { } quotaLimit)
        {
            quota = limits.Counter!.TrySpend(quotaLimit.Permits, now);
            if (quota.Outcome == QuotaOutcome.Refused)
            {
                rate = GiveBack(limits, rate);
            }
        }

        status = new LimitStatus(quota.Outcome == QuotaOutcome.Refused ? LimitVerdict.QuotaExceeded : LimitVerdict.Admitted, limits, rate, quota);
        return !MustAsk(limits, api, quota);
    }

    /// <summary>
    /// Goes on with a request that needs the ledger: to spend its quota, or only to tell it where the rate has refused. What was charged is
    /// given back unless it is admitted.
    /// </summary>
    public ValueTask<LimitStatus> FinishAsync(SessionView view, SlottedLimit limit, LimitStatus begun, CancellationToken cancellationToken) =>
        begun.Verdict == LimitVerdict.RateExceeded ? TellAsync(view, limit, begun, cancellationToken) : SpendAsync(view, limit, begun, cancellationToken);

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
            while ((quota = await quotas.SpendAsync(limits.Counter!, limits.Spec.Quota!.Value, cancellationToken)).Outcome == QuotaOutcome.Retired)
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
            ? new LimitStatus(LimitVerdict.Admitted, limits, begun.Rate, quota)
            : new LimitStatus(LimitVerdict.QuotaExceeded, limits, GiveBack(begun.Limits!, begun.Rate), quota);
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

    // What is told of the window afterwards is as if the permit had never been taken.
    private static RateAnswer GiveBack(BoundLimits limits, in RateAnswer rate)
    {
        if (rate.Outcome != RateOutcome.Taken)
        {
            return rate;
        }

        limits.Window!.GiveBack(rate);
        return limits.Window.Peek(rate.BookedAt, limits.Spec.Rate!.Value.Permits);
    }
}
