using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.OAuth.Clients;

/// <summary>Creates, changes and deletes clients (spec/tyk.md a.4 to a.9).</summary>
internal sealed partial class ClientService(ClientRepository clients, GrantForgetter grants, ClientSecrets secrets, Invalidations invalidations, CatalogHolder catalogs, TimeProvider time, ILogger<ClientService> logger)
{
    private const string Kind = "client";

    /// <summary>Creates a client in every realm given, or in none. An existing one is overwritten; its tokens stay.</summary>
    public async ValueTask<(Client Client, string Secret)> CreateAsync(ClientDraft draft, IReadOnlyList<RealmSettings> realms, ChangeSet changes, CancellationToken cancellationToken)
    {
        var id = draft.ClientId.Length > 0 ? draft.ClientId : TokenText.Hex();
        var (secret, hash, copy) = await secrets.CreateAsync(draft.Secret, realms[0].RevealClientSecrets, cancellationToken);
        foreach (var realm in realms)
        {
            WarnOfUselessPolicy(realm, id, draft.PolicyId);
        }

        // An overwrite keeps the life of the client it found: were that one revoked or deleted meanwhile, its tokens would live again.
        while (true)
        {
            var created = new List<(Client Client, Versioned<Client>? Read)>();
            foreach (var realm in realms)
            {
                var read = await clients.FindAsync(realm.Id, id, cancellationToken);
                created.Add((
                    new Client
                    {
                        Realm = realm.Id,
                        Id = id,
                        Number = read is { Value.Number: > 0 and var known } ? known : await NewNumberAsync(id, cancellationToken),
                        SecretHash = hash,
                        SealedSecret = copy,
                        RedirectUri = draft.RedirectUri,
                        PolicyId = draft.PolicyId,
                        MetaData = draft.MetaData,
                        Description = draft.Description,
                        Life = read?.Value.Life ?? new ClientLife(TokenText.Hex(), 0, 0),
                        Created = read?.Value.Created ?? time.GetUtcNow().ToUnixTimeMilliseconds(),
                    },
                    read));
            }

            var described = created.Select(put => put.Read is null ? Change.Added(Kind, id, put.Client.Realm, madeUp: draft.ClientId.Length == 0) : Change.Modified(Kind, id, put.Client.Realm));
            if (await changes.CommitAsync(described, () => PutAllAsync(created, cancellationToken)))
            {
                return (created[0].Client, secret);
            }
        }
    }

    public async ValueTask<Client?> FindAsync(RealmSettings realm, string clientId, CancellationToken cancellationToken) =>
        (await clients.FindAsync(realm.Id, clientId, cancellationToken))?.Value;

    /// <summary>The copies of a client in every realm, of one organisation when one is given.</summary>
    public async ValueTask<IReadOnlyList<(RealmSettings Realm, Client Client)>> FindCopiesAsync(string clientId, string org, CancellationToken cancellationToken)
    {
        var copies = new List<(RealmSettings, Client)>();
        foreach (var api in catalogs.Current.Apis.Values)
        {
            if (api.Realm is { } realm
                && (org.Length == 0 || string.Equals(api.OrgId, org, StringComparison.Ordinal))
                && await FindAsync(realm, clientId, cancellationToken) is { } client)
            {
                copies.Add((realm, client));
            }
        }

        return copies;
    }

    public ValueTask<IReadOnlyList<Client>> ListAsync(RealmSettings realm, CancellationToken cancellationToken) => clients.ListAsync(realm.Id, cancellationToken);

    /// <summary>The secret of a client, where it may be shown.</summary>
    public ValueTask<string> RevealAsync(RealmSettings realm, Client client, CancellationToken cancellationToken) =>
        secrets.RevealAsync(client, realm.RevealClientSecrets, cancellationToken);

    public ValueTask<bool> VerifySecretAsync(Client client, string secret, CancellationToken cancellationToken) => secrets.VerifyAsync(client, secret, cancellationToken);

    /// <summary>
    /// Replaces what may be changed of clients, of all or of none; null when one of them does not exist. A policy that goes or gives way to
    /// another ends the client's access tokens (spec/tyk.md a.7).
    /// </summary>
    public async ValueTask<IReadOnlyList<Client>?> UpdateAsync(RealmSettings realm, IReadOnlyList<ClientDraft> drafts, ChangeSet changes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var puts = new Dictionary<string, (Client Client, Versioned<Client>? Read)>(StringComparer.Ordinal);
            var updated = new List<Client>();
            foreach (var draft in drafts)
            {
                if (!puts.TryGetValue(draft.ClientId, out var put))
                {
                    if (await clients.FindAsync(realm.Id, draft.ClientId, cancellationToken) is not { } read)
                    {
                        return null;
                    }

                    put = (read.Value, read);
                }

                var client = Update(put.Client, draft);
                puts[draft.ClientId] = put with { Client = client };
                updated.Add(client);
            }

            if (await changes.CommitAsync(puts.Values.SelectMany(Describe), () => PutAllAsync([.. puts.Values], cancellationToken)))
            {
                foreach (var (client, read) in puts.Values.Where(static put => put.Client.Life != put.Read?.Value.Life))
                {
                    await changes.CommitAsync([], () => grants.ForgetUnrefreshableAsync(realm.Id, client.Id, read!.Value.Value.Life));
                }

                return updated;
            }
        }
    }

    /// <summary>Ends everything that was ever issued to a client.</summary>
    public async ValueTask RevokeAllAsync(RealmSettings realm, string clientId, ChangeSet changes, CancellationToken cancellationToken)
    {
        while (await clients.FindAsync(realm.Id, clientId, cancellationToken) is { } read)
        {
            var client = read.Value;
            var revoked = client with { Life = client.Life with { GrantGeneration = client.Life.GrantGeneration + 1 } };
            if (await changes.CommitAsync([Change.Revoked("grant", Change.All, realm.Id) with { ClientId = clientId }], () => PutAllAsync([(revoked, read)], cancellationToken)))
            {
                await changes.CommitAsync([], () => grants.ForgetAsync(realm.Id, clientId, client.Life));
                return;
            }
        }

        // Gone meanwhile: announced all the same, as by who deleted it.
        await changes.CommitAsync([], () => invalidations.PublishClientsAsync([(realm.Id, clientId)], cancellationToken));
    }

    /// <summary>Gives a client a new random secret, at once in place of the old one; null when there is none. What was issued stays valid.</summary>
    public async ValueTask<(Client Client, string Secret)?> RotateSecretAsync(RealmSettings realm, string clientId, ChangeSet changes, CancellationToken cancellationToken)
    {
        while (await clients.FindAsync(realm.Id, clientId, cancellationToken) is { } read)
        {
            var (secret, hash, copy) = await secrets.CreateAsync(chosen: null, realm.RevealClientSecrets, cancellationToken);
            var rotated = read.Value with { SecretHash = hash, SealedSecret = copy };
            if (await changes.CommitAsync([Change.Modified(Kind, clientId, realm.Id)], () => PutAllAsync([(rotated, read)], cancellationToken)))
            {
                return (rotated, secret);
            }
        }

        return null;
    }

    /// <summary>Deletes a client and with it ends all its grants for good. Announced also when there is none, so that a retry heals a crash.</summary>
    public async ValueTask DeleteAsync(RealmSettings realm, string clientId, ChangeSet changes, CancellationToken cancellationToken)
    {
        var found = (await clients.FindAsync(realm.Id, clientId, cancellationToken))?.Value;
        Change[] described = found is null
            ? []
            : [Change.Deleted(Kind, clientId, realm.Id), Change.Revoked("grant", Change.All, realm.Id)];
        await changes.CommitAsync(described, async () =>
        {
            await clients.DeleteAsync(realm.Id, clientId, cancellationToken);
            await invalidations.PublishClientsAsync([(realm.Id, clientId)], cancellationToken);
            if (found is not null)
            {
                await grants.ForgetAsync(realm.Id, clientId, found.Life);
            }
        });
    }

    private async ValueTask<long> NewNumberAsync(string id, CancellationToken cancellationToken)
    {
        if (ClientNumber.TryParse(id, out var number))
        {
            return number;
        }

        do
        {
            number = ClientNumber.Random();
        }
        while ((await clients.FindNumberAsync(number, cancellationToken)).Count > 0);

        return number;
    }

    private async ValueTask<bool> PutAllAsync(IReadOnlyList<(Client Client, Versioned<Client>? Read)> puts, CancellationToken cancellationToken)
    {
        if (!await clients.PutAllAsync(puts, cancellationToken))
        {
            return false;
        }

        await invalidations.PublishClientsAsync(puts.Select(static put => (put.Client.Realm, put.Client.Id)), cancellationToken);
        return true;
    }

    private static IEnumerable<Change> Describe((Client Client, Versioned<Client>? Read) put)
    {
        yield return Change.Modified(Kind, put.Client.Id, put.Client.Realm);
        if (put.Client.Life != put.Read?.Value.Life)
        {
            yield return Change.Revoked("token", Change.All, put.Client.Realm);
        }
    }

    private static Client Update(Client client, ClientDraft draft) => client with
    {
        RedirectUri = draft.RedirectUri,
        PolicyId = draft.PolicyId,
        MetaData = draft.MetaData,
        Description = draft.Description,
        Life = client.PolicyId.Length > 0 && !string.Equals(client.PolicyId, draft.PolicyId, StringComparison.Ordinal)
            ? client.Life with { AccessGeneration = client.Life.AccessGeneration + 1 }
            : client.Life,
    };

    private void WarnOfUselessPolicy(RealmSettings realm, string clientId, string policyId)
    {
        if (policyId.Length > 0 && !(catalogs.Current.Policies.TryGetValue(policyId, out var policy) && policy.AccessRights.ContainsKey(realm.Id)))
        {
            Log.UselessPolicy(logger, clientId, realm.Id, policyId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(500, LogLevel.Warning, "Client {Client} of API {Api} was given policy {Policy}, which does not exist or does not grant that API", EventName = "ClientPolicyUseless")]
        public static partial void UselessPolicy(ILogger logger, string client, string api, string policy);
    }
}
