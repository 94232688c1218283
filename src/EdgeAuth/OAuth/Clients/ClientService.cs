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
        var created = new List<Client>();
        foreach (var realm in realms)
        {
            var existing = (await clients.FindAsync(realm.Id, id, cancellationToken))?.Value;
            created.Add(new Client
            {
                Realm = realm.Id,
                Id = id,
                SecretHash = hash,
                SealedSecret = copy,
                RedirectUri = draft.RedirectUri,
                PolicyId = draft.PolicyId,
                MetaData = draft.MetaData,
                Description = draft.Description,
                Life = existing?.Life ?? new ClientLife(TokenText.Hex(), 0, 0),
                Created = existing?.Created ?? time.GetUtcNow().ToUnixTimeMilliseconds(),
            });
            WarnOfUselessPolicy(realm, id, draft.PolicyId);
        }

        await clients.PutAllAsync(created, cancellationToken);
        await invalidations.PublishClientsAsync(created.Select(static client => (client.Realm, client.Id)), cancellationToken);
        return (created[0], secret);
    }

    public async ValueTask<Client?> FindAsync(RealmSettings realm, string clientId, CancellationToken cancellationToken) =>
        (await clients.FindAsync(realm.Id, clientId, cancellationToken))?.Value;

    public ValueTask<IReadOnlyList<Client>> ListAsync(RealmSettings realm, CancellationToken cancellationToken) => clients.ListAsync(realm.Id, cancellationToken);

    /// <summary>The secret of a client, where it may be shown.</summary>
    public string Reveal(RealmSettings realm, Client client) => secrets.Reveal(client, realm.RevealClientSecrets);

    public ValueTask<bool> VerifySecretAsync(Client client, string secret, CancellationToken cancellationToken) => secrets.VerifyAsync(client, secret, cancellationToken);

    /// <summary>
    /// Replaces what may be changed of a client; null when there is none. A policy that goes or gives way to another ends the client's
    /// access tokens (spec/tyk.md a.7).
    /// </summary>
    public ValueTask<Client?> UpdateAsync(RealmSettings realm, string clientId, ClientDraft draft, CancellationToken cancellationToken) =>
        ChangeAsync(realm, clientId, client => client with
        {
            RedirectUri = draft.RedirectUri,
            PolicyId = draft.PolicyId,
            MetaData = draft.MetaData,
            Description = draft.Description,
            Life = client.PolicyId.Length > 0 && !string.Equals(client.PolicyId, draft.PolicyId, StringComparison.Ordinal)
                ? client.Life with { AccessGeneration = client.Life.AccessGeneration + 1 }
                : client.Life,
        }, cancellationToken);

    /// <summary>Ends everything that was ever issued to a client; null when there is none.</summary>
    public ValueTask<Client?> RevokeAllAsync(RealmSettings realm, string clientId, CancellationToken cancellationToken) =>
        ChangeAsync(realm, clientId, static client => client with { Life = client.Life with { GrantGeneration = client.Life.GrantGeneration + 1 } }, cancellationToken);

    /// <summary>Deletes a client and with it ends all its grants for good. Announced also when there is none, so that a retry heals a crash.</summary>
    public async ValueTask DeleteAsync(RealmSettings realm, string clientId, CancellationToken cancellationToken)
    {
        await clients.DeleteAsync(realm.Id, clientId, cancellationToken);
        await invalidations.PublishClientsAsync([(realm.Id, clientId)], cancellationToken);
    }

    private async ValueTask<Client?> ChangeAsync(RealmSettings realm, string clientId, Func<Client, Client> change, CancellationToken cancellationToken)
    {
        while (await clients.FindAsync(realm.Id, clientId, cancellationToken) is { } read)
        {
            var changed = change(read.Value);
            if (await clients.ReplaceAsync(changed, read, cancellationToken))
            {
                await invalidations.PublishClientsAsync([(realm.Id, clientId)], cancellationToken);
                return changed;
            }
        }

        return null;
    }

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
