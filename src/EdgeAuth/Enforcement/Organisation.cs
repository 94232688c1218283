using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;

namespace EdgeAuth.Enforcement;

/// <summary>Counts requests to the limits of the API's organisation (spec/tyk.md d.2 step 4, d.7).</summary>
internal sealed class Organisation(OrgLimiter orgs, Limiter limiter, TimeProvider time)
{
    /// <summary>Charges a request, or says why it does not pass.</summary>
    public ValueTask<OrgCharge> ChargeAsync(CompiledApi api, CancellationToken cancellationToken) =>
        orgs.TryFind(api, time.GetTimestamp(), out var limits) ? Charge(limits, cancellationToken) : LoadAndChargeAsync(api, cancellationToken);

    /// <summary>Says whether the organisation is switched off, charging nothing.</summary>
    public async ValueTask<OrgCharge> LookAsync(CompiledApi api, CancellationToken cancellationToken)
    {
        try
        {
            var limits = orgs.TryFind(api, time.GetTimestamp(), out var known) ? known : await orgs.LoadAsync(api, cancellationToken);
            return new OrgCharge(limits is { IsInactive: true } ? RefusalReason.OrgDisabled : RefusalReason.None, default);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return new OrgCharge(RefusalReason.StoreUnavailable, default);
        }
    }

    private async ValueTask<OrgCharge> LoadAndChargeAsync(CompiledApi api, CancellationToken cancellationToken)
    {
        OrgLimits? limits;
        try
        {
            limits = await orgs.LoadAsync(api, cancellationToken);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return new OrgCharge(RefusalReason.StoreUnavailable, default);
        }

        return await Charge(limits, cancellationToken);
    }

    private ValueTask<OrgCharge> Charge(OrgLimits? limits, CancellationToken cancellationToken)
    {
        if (limits is null)
        {
            return default;
        }

        if (limits.IsInactive)
        {
            return new(new OrgCharge(RefusalReason.OrgDisabled, default));
        }

        // What is left of the quota is not shown, so a refusal by the rate need not ask for it.
        return limiter.TryCharge(limits, out var status) || status.Verdict == LimitVerdict.RateExceeded
            ? new(Of(status))
            : FinishAsync(limits, status, cancellationToken);
    }

    private async ValueTask<OrgCharge> FinishAsync(OrgLimits limits, LimitStatus begun, CancellationToken cancellationToken) =>
        Of(await limiter.FinishAsync(limits.View, limits.Limit, begun, cancellationToken));

    private static OrgCharge Of(in LimitStatus status) => new(
        status.Verdict switch
        {
            LimitVerdict.RateExceeded => RefusalReason.OrgRateExceeded,
            LimitVerdict.QuotaExceeded => RefusalReason.OrgQuotaExceeded,
            LimitVerdict.Unavailable => RefusalReason.StoreUnavailable,
            _ => RefusalReason.None,
        },
        status);
}
