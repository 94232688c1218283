using System.Text.Json;
using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>Reads a Key with what it descends from. A Key is alive only while its Grant and its Client are.</summary>
internal sealed class SessionLoader(IRecordStore store, RulesInterner rules)
{
    public async ValueTask<LoadedSession> LoadAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        var keyId = KeyRepository.IdOf(hash);
        var record = await store.GetAsync(keyId, cancellationToken);
        if (record is null)
        {
            return new LoadedSession(SessionState.Unknown, null, null, null, null, [keyId]);
        }

        var key = JsonSerializer.Deserialize(record.Payload.Span, SessionJson.Default.StoredKey)!;
        if (key.IsEnded)
        {
            return new LoadedSession(SessionState.Unknown, null, null, null, null, [keyId]);
        }

        if (key is not { GrantId: { } grant, Realm: { } realm, ClientId: { } client, Life: { } life })
        {
            return new LoadedSession(SessionState.Alive, key, rules.Intern(key.Session), record.Expires, null, [keyId]) { Version = record.Version };
        }

        var grantId = new RecordId(RecordKind.Grant, grant);
        var clientId = ClientRecordId.Of(realm, client);
        var parents = await store.GetManyAsync([grantId, clientId], cancellationToken);
        var current = ClientDirectory.Read(parents[1]);
        var state = Judge(life, ClientDirectory.Read(parents[0])?.Life, current?.Life);
        return new LoadedSession(
            state,
            key,
            state == SessionState.Alive ? rules.Intern(key.Session) : null,
            record.Expires,
            current,
            [keyId, grantId, clientId])
        {
            Version = record.Version,
        };
    }

    /// <summary>The state of a Key issued under one life of its client, given its grant's and its client's own now.</summary>
    internal static SessionState Judge(ClientLife issuedUnder, ClientLife? grant, ClientLife? client)
    {
        if (client is null || !string.Equals(client.Incarnation, issuedUnder.Incarnation, StringComparison.Ordinal))
        {
            return SessionState.ClientDeleted;
        }

        return issuedUnder == client && grant is not null && grant.SharesGrantsWith(client) ? SessionState.Alive : SessionState.Unknown;
    }
}
