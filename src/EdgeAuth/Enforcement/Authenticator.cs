using EdgeAuth.Catalog;
using EdgeAuth.Enforcement.Jwt;
using EdgeAuth.Sessions;

namespace EdgeAuth.Enforcement;

/// <summary>
/// Finds the session of a credential (spec/tyk.md d.3). What is in memory is found without waiting and without allocating.
/// </summary>
internal sealed class Authenticator(SessionCache sessions, ClientDirectory clients, BasicAuthenticator basic, JwtAuthenticator jwt, TimeProvider time)
{
    public ValueTask<Identity> IdentifyAsync(in Call call, AuthMethod method)
    {
        switch (method.Mode)
        {
            case AuthMode.Basic:
                return basic.IdentifyAsync(call, method);
            case AuthMode.Jwt:
                return jwt.IdentifyAsync(call, method);
        }

        var failure = CredentialReader.Read(call.Context.Request, method, out var credential);
        if (failure != RefusalReason.None)
        {
            return new(Identity.Refuse(failure));
        }

        var api = call.Api;
        if (credential.Length < api.MinTokenLength)
        {
            return new(Identity.Refuse(RefusalReason.CredentialUnknown));
        }

        var hash = KeyHash.Of(credential);
        var entry = sessions.TryGet(hash, time.GetTimestamp(), time.GetUtcNow());
        if (entry is { State: SessionState.Alive })
        {
            return Check(entry, api, method.Mode, call.Aborted);
        }

        // A custom key may be presented without its organisation in front.
        KeyHash? prefixed = api.OrgId.Length > 0 && !credential.StartsWith(api.OrgId, StringComparison.Ordinal) ? KeyHash.Of(api.OrgId, credential) : null;
        return FindAsync(entry, hash, prefixed, api, method.Mode, call.Aborted);
    }

    private async ValueTask<Identity> FindAsync(SessionEntry? entry, KeyHash hash, KeyHash? prefixed, CompiledApi api, AuthMode mode, CancellationToken cancellationToken)
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
            return Identity.Refuse(RefusalReason.StoreUnavailable);
        }

        return await Check(entry, api, mode, cancellationToken);
    }

    private ValueTask<Identity> Check(SessionEntry entry, CompiledApi api, AuthMode mode, CancellationToken cancellationToken)
    {
        if (entry.State != SessionState.Alive)
        {
            return new(Identity.Refuse(entry.State == SessionState.ClientDeleted ? RefusalReason.ClientDeleted : RefusalReason.CredentialUnknown));
        }

        if (!entry.IsCredential)
        {
            return new(Identity.Refuse(RefusalReason.CredentialUnknown));
        }

        // The gateway's own tokens pass by their rights, which must name the API.
        if (mode != AuthMode.OAuth || entry.MustBeNamed || string.Equals(entry.Realm, api.Id, StringComparison.Ordinal))
        {
            return new(Identity.Of(entry));
        }

        // A token of another realm passes only while its client is one of this API too (design: which tokens an API takes).
        if (entry.ClientId is not { } clientId)
        {
            return new(Identity.Refuse(RefusalReason.ClientDeleted));
        }

        return clients.TryGet(api.Id, clientId, time.GetTimestamp()) is { } client
            ? new(Judge(entry, client.Life))
            : LoadClientAsync(entry, clientId, api, cancellationToken);
    }

    private async ValueTask<Identity> LoadClientAsync(SessionEntry entry, string clientId, CompiledApi api, CancellationToken cancellationToken)
    {
        try
        {
            return Judge(entry, (await clients.LoadAsync(api.Id, clientId, cancellationToken)).Life);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return Identity.Refuse(RefusalReason.StoreUnavailable);
        }
    }

    private static Identity Judge(SessionEntry entry, ClientLife? client) => client is null ? Identity.Refuse(RefusalReason.ClientDeleted) : Identity.Of(entry);
}
