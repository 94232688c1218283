using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.OAuth.Clients;

/// <summary>Creates, changes and deletes clients (spec/tyk.md a.4 to a.9).</summary>
internal sealed partial class ClientService(ClientRepository clients, ClientSecrets secrets, Invalidations invalidations, CatalogHolder catalogs, TimeProvider time, ILogger<ClientService> logger)
{
    /// <summary>Creates a client in every realm given, or in none. An existing one is overwritten; its tokens stay.</summary>
    public async ValueTask<(Client Client, string Secret)> CreateAsync(ClientDraft draft, IReadOnlyList<RealmSettings> realms, CancellationToken cancellationToken)
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

            if (await clients.PutAllAsync(created, cancellationToken))
            {
                await invalidations.PublishClientsAsync(created.Select(static put => (put.Client.Realm, put.Client.Id)), cancellationToken);
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
    public string Reveal(RealmSettings realm, Client client) => secrets.Reveal(client, realm.RevealClientSecrets);

    public ValueTask<bool> VerifySecretAsync(Client client, string secret, CancellationToken cancellationToken) => secrets.VerifyAsync(client, secret, cancellationToken);

    /// <summary>
    /// Replaces what may be changed of clients, of all or of none; null when one of them does not exist. A policy that goes or gives way to
    /// another ends the client's access tokens (spec/tyk.md a.7).
    /// </summary>
    public async ValueTask<IReadOnlyList<Client>?> UpdateAsync(RealmSettings realm, IReadOnlyList<ClientDraft> drafts, CancellationToken cancellationToken)
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

            if (await clients.PutAllAsync(puts.Values, cancellationToken))
            {
                await invalidations.PublishClientsAsync(puts.Keys.Select(id => (realm.Id, id)), cancellationToken);
                return updated;
            }
        }
    }

    /// <summary>Ends everything that was ever issued to a client.</summary>
    public async ValueTask RevokeAllAsync(RealmSettings realm, string clientId, CancellationToken cancellationToken)
    {
        while (await clients.FindAsync(realm.Id, clientId, cancellationToken) is { } read)
        {
            var client = read.Value;
            if (await clients.PutAllAsync([(client with { Life = client.Life with { GrantGeneration = client.Life.GrantGeneration + 1 } }, read)], cancellationToken))
            {
                break;
            }
        }

        await invalidations.PublishClientsAsync([(realm.Id, clientId)], cancellationToken);
    }

    /// <summary>Gives a client a new random secret, at once in place of the old one; null when there is none. What was issued stays valid.</summary>
    public async ValueTask<(Client Client, string Secret)?> RotateSecretAsync(RealmSettings realm, string clientId, CancellationToken cancellationToken)
    {
        while (await clients.FindAsync(realm.Id, clientId, cancellationToken) is { } read)
        {
            var (secret, hash, copy) = await secrets.CreateAsync(chosen: null, realm.RevealClientSecrets, cancellationToken);
            var rotated = read.Value with { SecretHash = hash, SealedSecret = copy };
            if (await clients.PutAllAsync([(rotated, read)], cancellationToken))
            {
                await invalidations.PublishClientsAsync([(realm.Id, clientId)], cancellationToken);
                return (rotated, secret);
            }
        }

        return null;
    }

    /// <summary>Deletes a client and with it ends all its grants for good. Announced also when there is none, so that a retry heals a crash.</summary>
    public async ValueTask DeleteAsync(RealmSettings realm, string clientId, CancellationToken cancellationToken)
    {
        await clients.DeleteAsync(realm.Id, clientId, cancellationToken);
        await invalidations.PublishClientsAsync([(realm.Id, clientId)], cancellationToken);
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
