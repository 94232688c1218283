using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Enforcement;

/// <summary>
/// Decides requests, in the order of spec/tyk.md d.2: authentication, state, rights, limits. What is in memory is decided without waiting and
/// without allocating.
/// </summary>
internal sealed class Enforcer(Authenticator authenticator, RightsCompilers compilers, Limiter limiter, TimeProvider time)
{
    public ValueTask<Decision> DecideAsync(HttpContext context, CompiledApi api, string mount)
    {
        var call = new Call(context, api, api.Versions.Only, new RequestTarget(context.Request.Method, context.Request.Path.Value ?? "", mount));
        return api.Methods.IsKeyless
            ? new(new Decision { Version = call.Version })
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

        if (view.Rights.Find(api.Id) is not { } rights)
        {
            return new(call.Refuse(RefusalReason.ApiForbidden));
        }

        var limit = rights.Limit;
        if (rights.LooksAtPath)
        {
            var stripped = target.Stripped();
            if (!rights.Allows(target.Method, target.Path, stripped))
            {
                return new(call.Refuse(RefusalReason.UrlForbidden));
            }

            limit = rights.Find(target.Method, target.Path, stripped);
        }

        return limiter.TryCharge(view, limit, entry.Hash, api, out var status)
            ? new(FromLimits(call, status))
            : FinishAsync(call, view, limit, status);
    }

    private async ValueTask<Decision> FinishAsync(Call call, SessionView view, SlottedLimit limit, LimitStatus begun) =>
        FromLimits(call, await limiter.FinishAsync(view, limit, begun, call.Aborted));

    private static Decision FromLimits(in Call call, in LimitStatus status)
    {
        var refusal = status.Verdict switch
        {
            LimitVerdict.RateExceeded => RefusalReason.RateExceeded,
            LimitVerdict.QuotaExceeded => RefusalReason.QuotaExceeded,
            LimitVerdict.Unavailable => RefusalReason.StoreUnavailable,
            _ => RefusalReason.None,
        };
        return new() { Refusal = refusal, Version = call.Version, Limits = status };
    }
}
