using System.Text.Json;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Records;

/// <summary>Token records in the store: Grants with their Keys, refresh tokens and Clients.</summary>
internal sealed class RecordRepository(IRecordStore store, GrantRepository grants, KeyRepository keys)
{
    /// <summary>The record of an access token; null when there is none.</summary>
    public async ValueTask<LoadedRecord?> FindByAccessTokenAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        var key = (await keys.FindAsync(hash, cancellationToken))?.Value;
        if (key is { GrantId: null })
        {
            return null;
        }

        // The Key is forgotten some time after it expired, though a refresh token lives on.
        var grantId = key?.GrantId ?? (await store.ListAsync(RecordKind.Grant, GrantIndex.OfAccessToken(hash.ToHex()), 0, 1, cancellationToken)).Items.Select(static item => item.Id).FirstOrDefault();
        var record = grantId is null ? null : (await LoadAsync([grantId], cancellationToken))[0];
        return record is not null && string.Equals(record.Grant.AccessToken, hash.ToHex(), StringComparison.Ordinal) ? record : null;
    }

    /// <summary>The record of a refresh token that is good; null when there is none.</summary>
    public async ValueTask<LoadedRecord?> FindByRefreshTokenAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        if (await grants.FindRefreshTokenAsync(hash, cancellationToken) is not { Value: { State: RefreshTokenState.Live } token })
        {
            return null;
        }

        var record = (await LoadAsync([token.GrantId], cancellationToken))[0];
        return record is not null && string.Equals(record.Grant.RefreshToken, hash.ToHex(), StringComparison.Ordinal) ? record : null;
    }

    /// <summary>Records by the ids of their grants; null where there is none.</summary>
    public async ValueTask<IReadOnlyList<LoadedRecord?>> LoadAsync(IReadOnlyList<string> grantIds, CancellationToken cancellationToken)
    {
        var stored = await store.GetManyAsync([.. grantIds.Select(static id => new RecordId(RecordKind.Grant, id))], cancellationToken);
        var found = stored.Select(static record => Read(record, OAuthJson.Default.Grant)).ToList();
        var alive = found.OfType<Versioned<Grant>>().ToList();
        List<RecordId> keyIds = [.. alive.Select(static grant => grant.Value.AccessToken).OfType<string>().Select(static hash => new RecordId(RecordKind.Key, hash))];
        List<RecordId> clientIds = [.. alive.Select(static grant => ClientRecordId.Of(grant.Value.Realm, grant.Value.ClientId)).Distinct()];
        var others = (await store.GetManyAsync([.. keyIds, .. clientIds], cancellationToken)).OfType<StoredRecord>().ToDictionary(static record => record.Id);
        var clients = clientIds.ToDictionary(static id => id, id => Read(others.GetValueOrDefault(id), OAuthJson.Default.Client)?.Value);
        return
        [
            .. found.Select(grant => grant is not { } read ? null : new LoadedRecord(
                read,
                read.Value.AccessToken is { } hash ? Read(others.GetValueOrDefault(new RecordId(RecordKind.Key, hash)), SessionJson.Default.StoredKey) : null,
                clients[ClientRecordId.Of(read.Value.Realm, read.Value.ClientId)])),
        ];
    }

    /// <summary>The ids of a slice of the grants of a list, oldest first, and the number of all of them.</summary>
    public ValueTask<IndexPage> ListAsync(string index, int offset, int count, CancellationToken cancellationToken) =>
        store.ListAsync(RecordKind.Grant, index, offset, count, cancellationToken);

    /// <summary>Stores a new record; false, with nothing written, when the value of one of its tokens is taken.</summary>
    public ValueTask<bool> AddAsync(Grant grant, DateTimeOffset? until, IssuedKey key, IssuedRefreshToken? refreshToken, CancellationToken cancellationToken)
    {
        List<RecordWrite> writes =
        [
            KeyRepository.Write(key.Hash, key.Key, key.StoredUntil) with { Condition = PutCondition.Absent },
            GrantRepository.Write(grant, until),
        ];
        if (refreshToken is not null)
        {
            writes.Insert(1, GrantRepository.Write(KeyHash.Of(refreshToken.Text), refreshToken.Token, refreshToken.Expires) with { Condition = PutCondition.Absent });
        }

        return store.PutAllAsync(writes, cancellationToken);
    }

    /// <summary>Writes a change of a record as one; false, with nothing written, when any of it changed or ended since it was read.</summary>
    public ValueTask<bool> ReplaceAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellationToken) => store.PutAllAsync(writes, cancellationToken);

    /// <summary>True when a value stands for something already: a key or token, of any realm and kind, alive or ended and not forgotten.</summary>
    public async ValueTask<bool> IsTakenAsync(KeyHash hash, CancellationToken cancellationToken) =>
        (await store.GetManyAsync([new(RecordKind.Key, hash.ToHex()), new(RecordKind.RefreshToken, hash.ToHex())], cancellationToken)).Any(static record => record is not null)
        || (await store.ListAsync(RecordKind.Grant, GrantIndex.OfAccessToken(hash.ToHex()), 0, 0, cancellationToken)).Total > 0;

    /// <summary>Deletes the grant of a record that is over; false, and it stays, when it changed since it was read.</summary>
    public ValueTask<bool> ForgetAsync(LoadedRecord record, CancellationToken cancellationToken) => grants.DeleteAsync(record.Read, cancellationToken);

    private static Versioned<T>? Read<T>(StoredRecord? record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        record is null ? null : new(JsonSerializer.Deserialize(record.Payload.Span, type)!, record.Version, record.Expires);
}
