using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Enforcement;

/// <summary>
/// Decides requests: credential, session, state, rights, limits, in the order of spec/tyk.md d.2. What is in memory is decided without
/// waiting and without allocating.
/// </summary>
internal sealed class Enforcer(SessionCache sessions, ClientDirectory clients, RightsCompilers compilers, Limiter limiter, TimeProvider time)
{
    public ValueTask<Decision> DecideAsync(HttpContext context, CompiledApi api, string mount)
    {
        if (api.Auth == AuthMode.Keyless)
        {
            return new(Decision.Pass);
        }

        var failure = CredentialReader.Read(context.Request, api, out var credential);
        if (failure != RefusalReason.None)
        {
            return new(Decision.Refuse(failure));
        }

        if (credential.Length < api.MinTokenLength)
        {
            return new(Decision.Refuse(RefusalReason.CredentialUnknown));
        }

        var target = new RequestTarget(context.Request.Method, context.Request.Path.Value ?? "", mount);
        var hash = KeyHash.Of(credential);
        var entry = sessions.TryGet(hash, time.GetTimestamp(), time.GetUtcNow());
        if (entry is { State: SessionState.Alive })
        {
            return Decide(entry, api, target, context.RequestAborted);
        }

        // A custom key may be presented without its organisation in front.
        KeyHash? prefixed = api.OrgId.Length > 0 && !credential.StartsWith(api.OrgId, StringComparison.Ordinal) ? KeyHash.Of(api.OrgId, credential) : null;
        return FindAndDecideAsync(entry, hash, prefixed, api, target, context.RequestAborted);
    }

    private async ValueTask<Decision> FindAndDecideAsync(SessionEntry? entry, KeyHash hash, KeyHash? prefixed, CompiledApi api, RequestTarget target, CancellationToken cancellationToken)
    {
        try
        {
            entry ??= await sessions.LoadAsync(hash, cancellationToken);
            if (entry.State == SessionState.Unknown && prefixed is { } other)
            {
                entry = sessions.TryGet(other, time.GetTimestamp(), time.GetUtcNow()) ?? await sessions.LoadAsync(other, cancellationToken);
            }
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return Decision.Refuse(RefusalReason.StoreUnavailable);
        }

        return await Decide(entry, api, target, cancellationToken);
    }

    private ValueTask<Decision> Decide(SessionEntry entry, CompiledApi api, in RequestTarget target, CancellationToken cancellationToken)
    {
        if (entry.State != SessionState.Alive)
        {
            return new(Decision.Refuse(entry.State == SessionState.ClientDeleted ? RefusalReason.ClientDeleted : RefusalReason.CredentialUnknown));
        }

        if (entry.IsUser)
        {
            return new(Decision.Refuse(RefusalReason.CredentialUnknown));
        }

        if (api.Auth == AuthMode.OAuth && !string.Equals(entry.Realm, api.Id, StringComparison.Ordinal))
        {
            if (entry.ClientId is not { } clientId)
            {
                return new(Decision.Refuse(RefusalReason.ClientDeleted));
            }

            if (clients.TryGet(api.Id, clientId, time.GetTimestamp()) is not { } client)
            {
                return LoadClientAndJudgeAsync(entry, clientId, api, target, cancellationToken);
            }

            if (client.Life is null)
            {
                return new(Decision.Refuse(RefusalReason.ClientDeleted));
            }
        }

        return Judge(entry, api, target, cancellationToken);
    }

    // A token of another realm passes only while its client is one of this API too (design: which tokens an API takes).
    private async ValueTask<Decision> LoadClientAndJudgeAsync(SessionEntry entry, string clientId, CompiledApi api, RequestTarget target, CancellationToken cancellationToken)
    {
        try
        {
            var client = await clients.LoadAsync(api.Id, clientId, cancellationToken);
            if (client.Life is null)
            {
                return Decision.Refuse(RefusalReason.ClientDeleted);
            }
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return Decision.Refuse(RefusalReason.StoreUnavailable);
        }

        return await Judge(entry, api, target, cancellationToken);
    }

    private ValueTask<Decision> Judge(SessionEntry entry, CompiledApi api, in RequestTarget target, CancellationToken cancellationToken)
    {
        var view = entry.View(api, compilers);
        if (view.Rights.Failure is not null)
        {
            return new(Decision.Refuse(RefusalReason.CredentialUnknown));
        }

        if (view.Rights.IsInactive)
        {
            return new(Decision.Refuse(RefusalReason.KeyInactive));
        }

        if (Session.HasExpired(entry.Expires, time.GetUtcNow()))
        {
            return new(Decision.Refuse(RefusalReason.CredentialExpired));
        }

        if (view.Rights.Find(api.Id) is not { } rights)
        {
            return new(Decision.Refuse(RefusalReason.ApiForbidden));
        }

        var limit = rights.Limit;
        if (rights.LooksAtPath)
        {
            var stripped = target.Stripped();
            if (!rights.Allows(target.Method, target.Path, stripped))
            {
                return new(Decision.Refuse(RefusalReason.UrlForbidden));
            }

            limit = rights.Find(target.Method, target.Path, stripped);
        }

        return limiter.TryCharge(view, limit, entry.Hash, api, out var status)
            ? new(FromLimits(status))
            : FinishAsync(view, limit, status, cancellationToken);
    }

    private async ValueTask<Decision> FinishAsync(SessionView view, SlottedLimit limit, LimitStatus begun, CancellationToken cancellationToken) =>
        FromLimits(await limiter.FinishAsync(view, limit, begun, cancellationToken));

    private static Decision FromLimits(in LimitStatus status) => new(
        status.Verdict switch
        {
            LimitVerdict.RateExceeded => RefusalReason.RateExceeded,
            LimitVerdict.QuotaExceeded => RefusalReason.QuotaExceeded,
            LimitVerdict.Unavailable => RefusalReason.StoreUnavailable,
            _ => RefusalReason.None,
        },
        status);
}
