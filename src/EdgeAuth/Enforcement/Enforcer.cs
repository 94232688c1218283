using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Enforcement;

/// <summary>
/// Decides requests, in the order of spec/tyk.md d.2: what the definition says of any request, organisation, size, authentication, state, rights,
/// limits of the key, limits of all callers together. What is in memory is decided without waiting and without allocating. A request that a
/// later step refuses gets back what the steps before had charged.
/// </summary>
internal sealed class Enforcer(
    RequestGate gate, Authenticator authenticator, RightsCompilers compilers, Organisation organisation, Limiter limiter, HeldRequests held, TimeProvider time)
{
    /// <param name="context">The request.</param>
    /// <param name="api">The API of its route.</param>
    /// <param name="scope">What the route leads to.</param>
    public ValueTask<Decision> DecideAsync(HttpContext context, CompiledApi api, in RouteScope scope)
    {
        var refusal = gate.Enter(context, api, scope, out var call);
        if (refusal != RefusalReason.None)
        {
            return new(call.Refuse(refusal));
        }

        if (call.Way == RequestWay.Answered)
        {
            return new(call.Pass());
        }

        var deciding = Decide(call);
        if (!deciding.IsCompletedSuccessfully)
        {
            return HoldAsync(call, deciding);
        }

        var decision = deciding.Result;
        return decision.Throttle is null ? new(decision) : HoldAsync(call, new(decision));
    }

    /// <summary>Decides for a key holder that asks for its own limits: the same checks, but nothing is counted (spec/tyk.md f.7).</summary>
    public ValueTask<Decision> InquireAsync(HttpContext context, CompiledApi api) =>
        gate.EnterToAsk(context, api, out var call) is var refusal and not RefusalReason.None ? new(call.Refuse(refusal)) : Decide(call);

    // A held request has been charged to nothing, and is decided anew each time: it may have been revoked meanwhile.
    private async ValueTask<Decision> HoldAsync(Call call, ValueTask<Decision> deciding)
    {
        var decision = await deciding;
        if (decision.Throttle is not { } throttle || !held.TryEnter())
        {
            return decision;
        }

        try
        {
            for (var waits = throttle.Waits; waits > 0 && decision.Throttle is not null && await held.WaitAsync(throttle.Interval, call.Aborted); waits--)
            {
                decision = await Decide(call);
            }

            return decision;
        }
        finally
        {
            held.Leave();
        }
    }

    private ValueTask<Decision> Decide(in Call call) => call.Api.CountsOrganisation ? DecideForOrganisationAsync(call) : DecideForKey(call);

    private async ValueTask<Decision> DecideForOrganisationAsync(Call call)
    {
        var (refusal, charged) = await (call.IsInquiry ? organisation.LookAsync(call.Api, call.Aborted) : organisation.ChargeAsync(call.Api, call.Aborted));
        if (refusal != RefusalReason.None)
        {
            return call.Refuse(refusal) with { Limits = charged };
        }

        var admitted = false;
        try
        {
            var decision = await DecideForKey(call);
            admitted = decision.Refusal == RefusalReason.None;
            return decision;
        }
        finally
        {
            if (admitted)
            {
                Limiter.Keep(charged);
            }
            else
            {
                limiter.GiveBack(charged);
            }
        }
    }

    private ValueTask<Decision> DecideForKey(in Call call)
    {
        if (!call.IsInquiry && call.Version.Sizes is { } sizes && RequestGate.CheckSize(call, sizes) is var refusal and not RefusalReason.None)
        {
            return new(call.Refuse(refusal));
        }

        return call.Api.Methods.IsKeyless || call.Way == RequestWay.Ignored
            ? ChargeAll(call, call.Pass(), RateOfAll(call))
            : Authenticate(call, next: 0, enforced: null);
    }

    // Every method must pass; the session of one of them is the one enforced.
    private ValueTask<Decision> Authenticate(in Call call, int next, SessionEntry? enforced)
    {
        var methods = call.Api.Methods.All;
        for (var i = next; i < methods.Length; i++)
        {
            var identifying = authenticator.IdentifyAsync(call, methods[i]);
            if (!identifying.IsCompletedSuccessfully)
            {
                return AuthenticateAsync(call, i, enforced, identifying);
            }

            if (Take(call, i, identifying.Result, ref enforced) is { } refused)
            {
                return new(refused);
            }
        }

        return Judge(call, enforced!);
    }

    private async ValueTask<Decision> AuthenticateAsync(Call call, int current, SessionEntry? enforced, ValueTask<Identity> identifying) =>
        Take(call, current, await identifying, ref enforced) ?? await Authenticate(call, current + 1, enforced);

    // Null when the request may go on.
    private Decision? Take(in Call call, int current, in Identity identity, ref SessionEntry? enforced)
    {
        var methods = call.Api.Methods;
        var refusal = identity.Refusal;
        if (refusal == RefusalReason.None)
        {
            if (current == methods.Base)
            {
                enforced = identity.Entry;
            }
            else
            {
                // Whose rules are not enforced must still be somebody whom the gateway lets in.
                refusal = CheckState(identity.Entry!, identity.Entry!.View(call.Api, compilers).Rights);
            }
        }

        return refusal == RefusalReason.None ? null : call.Refuse(refusal, methods.All[current].Mode);
    }

    private RefusalReason CheckState(SessionEntry entry, CompiledRights rights) =>
        rights.Failure is not null ? RefusalReason.CredentialUnknown
        : rights.IsInactive ? RefusalReason.KeyInactive
        : Session.HasExpired(entry.Expires, time.GetUtcNow()) ? RefusalReason.CredentialExpired
        : RefusalReason.None;

    private ValueTask<Decision> Judge(in Call call, SessionEntry entry)
    {
        var (api, target) = (call.Api, call.Target);
        var view = entry.View(api, compilers);
        var state = CheckState(entry, view.Rights);
        if (state != RefusalReason.None)
        {
            return new(call.Refuse(state, api.Methods.All[api.Methods.Base].Mode));
        }

        if (view.Rights.Find(api.Id) is not { } rights || (entry.MustBeNamed && !view.Rights.Names(api.Id)))
        {
            return new(call.Refuse(RefusalReason.ApiForbidden));
        }

        // Who only asks for its limits cannot always name a version.
        if (api.Versions.Only is null && call.Version is { } version && !rights.AllowsVersion(version.Name))
        {
            return new(call.Refuse(RefusalReason.VersionForbidden));
        }

        if (call.IsInquiry)
        {
            return new(new Decision { Version = call.Version, Holder = entry });
        }

        var limit = rights.Limit;
        if (rights.LooksAtPath)
        {
            if (!AllowsEveryReading(rights, target))
            {
                return new(call.Refuse(RefusalReason.UrlForbidden));
            }

            limit = FindLimit(rights, target);
        }

        var all = RateOfAll(call);
        return limiter.TryCharge(view, limit, entry.Hash, api, undecided: all is not null, out var status)
            ? FromLimits(call, status, all)
            : FinishAsync(call, view, limit, status, all);
    }

    // The limit of an endpoint holds however its path is written.
    private static SlottedLimit FindLimit(ApiRights rights, in RequestPath target)
    {
        var limit = rights.Find(target.Method, target.Path, target.Stripped());
        for (var i = 0; limit.Slot == rights.Limit.Slot && i < target.OtherReadings?.Count; i++)
        {
            limit = rights.Find(target.Method, target.OtherReadings[i], target.OtherReadings[i].AsSpan(target.MountLength));
        }

        return limit;
    }

    private static bool AllowsEveryReading(ApiRights rights, in RequestPath target)
    {
        if (!rights.Allows(target.Method, target.Path, target.Stripped()))
        {
            return false;
        }

        foreach (var reading in target.OtherReadings ?? [])
        {
            if (!rights.Allows(target.Method, reading, reading.AsSpan(target.MountLength)))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<Decision> FinishAsync(Call call, SessionView view, SlottedLimit limit, LimitStatus begun, ApiRate? all)
    {
        var ahead = begun.Verdict == LimitVerdict.Admitted ? limiter.AskAheadAsync(all, call.Aborted) : Task.CompletedTask;
        var status = await limiter.FinishAsync(view, limit, begun, call.Aborted);
        await ahead;
        return await FromLimits(call, status, all);
    }

    private ValueTask<Decision> FromLimits(in Call call, in LimitStatus status, ApiRate? all)
    {
        var refusal = status.Verdict switch
        {
            LimitVerdict.RateExceeded => RefusalReason.RateExceeded,
            LimitVerdict.QuotaExceeded => RefusalReason.QuotaExceeded,
            LimitVerdict.Unavailable => RefusalReason.StoreUnavailable,
            _ => RefusalReason.None,
        };
        return ChargeAll(call, call.Pass() with { Refusal = refusal, Limits = status }, all);
    }

    private static ApiRate? RateOfAll(in Call call) => call.Version.Rates?.Find(call.Target);

    // The last step: what is left of a rate that all callers share. Whom it refuses gets back what the key was charged.
    private ValueTask<Decision> ChargeAll(in Call call, in Decision decision, ApiRate? rate)
    {
        if (decision.Refusal != RefusalReason.None || rate is null)
        {
            return new(decision);
        }

        return limiter.TryCharge(rate, out var all) ? new(Charged(decision, all)) : ChargeAllAsync(decision, rate, call.Aborted);
    }

    private async ValueTask<Decision> ChargeAllAsync(Decision decision, ApiRate rate, CancellationToken cancellationToken)
    {
        try
        {
            return Charged(decision, await limiter.ChargeAsync(rate, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            limiter.GiveBack(decision.Limits);
            throw;
        }
    }

    private Decision Charged(in Decision decision, ApiRateStatus all)
    {
        if (!all.Admits)
        {
            return decision with
            {
                Refusal = all.IsUnavailable ? RefusalReason.StoreUnavailable : RefusalReason.ApiRateExceeded,
                Limits = limiter.GiveBack(decision.Limits),
                All = all.IsUnavailable ? null : all,
            };
        }

        Limiter.Keep(decision.Limits);
        return decision with { All = all };
    }
}
