using System.Text.Json;
using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>Keys in the store by their hash, and the counters that go with them.</summary>
internal sealed class KeyRepository(IRecordStore store, ILedger ledger)
{
    /// <summary>The index of all keys; <see cref="OfOrganisation"/> and <see cref="OfApi"/> are parts of it.</summary>
    public const string AllKeys = "all";

    public static RecordId IdOf(KeyHash hash) => new(RecordKind.Key, hash.ToHex());

    public static string OfOrganisation(string org) => "org:" + org;

    public static string OfApi(string api) => "api:" + api;

    /// <summary>The children of a grant.</summary>
    public static string OfGrant(string grantId) => "grant:" + grantId;

    /// <summary>The access tokens of a client, as long as its life is this one.</summary>
    public static string OfClient(string realm, string clientId, ClientLife life) =>
        $"client:{realm}/{clientId}/{life.Incarnation}.{life.GrantGeneration}.{life.AccessGeneration}";

    /// <summary>The Key of a hash; null for none, and for what is left of one that was ended.</summary>
    public async ValueTask<Versioned<StoredKey>?> FindAsync(KeyHash hash, CancellationToken cancellationToken) =>
        await FindEvenEndedAsync(hash, cancellationToken) is { Value.IsEnded: false } key ? key : null;

    /// <summary>The Key of a hash, and what is left of one that was ended.</summary>
    public async ValueTask<Versioned<StoredKey>?> FindEvenEndedAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        var record = await store.GetAsync(IdOf(hash), cancellationToken);
        return record is null ? null : new(JsonSerializer.Deserialize(record.Payload.Span, SessionJson.Default.StoredKey)!, record.Version, record.Expires);
    }

    /// <summary>Stores a key, in the place of the version that was read if one is given; false when that one changed or went.</summary>
    public async ValueTask<bool> PutAsync(KeyHash hash, StoredKey key, DateTimeOffset? storedUntil, long? version, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(hash, key, storedUntil), version is { } read ? PutCondition.Version(read) : PutCondition.Any, cancellationToken) is not null;

    /// <summary>Stores a key unless there is one; false when there is.</summary>
    public async ValueTask<bool> AddAsync(KeyHash hash, StoredKey key, DateTimeOffset storedUntil, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(hash, key, storedUntil), PutCondition.Absent, cancellationToken) is not null;

    /// <summary>
    /// Keeps what a key needs at least as long as the key: its grant, and the record under which its limits are counted. What has ended stays ended.
    /// </summary>
    public async ValueTask KeepParentsAsync(StoredKey key, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (key.GrantId is { } grantId)
        {
            await KeepAsync(new RecordId(RecordKind.Grant, grantId), until, cancellationToken);
        }

        if (key.CountsUnder is { } owner)
        {
            await KeepAsync(new RecordId(RecordKind.Key, owner), until, cancellationToken);
        }
    }

    private async ValueTask KeepAsync(RecordId id, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        while (await store.GetAsync(id, cancellationToken) is { Expires: { } expires } parent && (until is null || expires < until))
        {
            var longer = new RecordWrite(id, parent.Payload) { Expires = until, Index = id.Kind == RecordKind.Grant ? IndexOf(parent) : [] };
            if (await store.PutAsync(longer, PutCondition.Version(parent.Version), cancellationToken) is not null)
            {
                return;
            }
        }
    }

    private static List<IndexEntry> IndexOf(StoredRecord grant) => [.. GrantIndex.Of(JsonSerializer.Deserialize(grant.Payload.Span, SessionJson.Default.StoredGrant)!)];

    /// <summary>Replaces what was read, keeping how long it is stored; false when another was quicker.</summary>
    public async ValueTask<bool> ReplaceAsync(KeyHash hash, StoredKey key, Versioned<StoredKey> read, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(hash, key, read.StoredUntil), PutCondition.Version(read.Version), cancellationToken) is not null;

    public ValueTask<bool> DeleteAsync(KeyHash hash, CancellationToken cancellationToken) => store.DeleteAsync(IdOf(hash), version: null, cancellationToken);

    /// <summary>Starts the quotas of a key anew, in every scope.</summary>
    /// <param name="owner">Under what they are counted.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public ValueTask ResetCountersAsync(string owner, CancellationToken cancellationToken) => ledger.ResetAsync(owner, cancellationToken);

    public async ValueTask<KeyPage> ListAsync(string index, int offset, int count, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(RecordKind.Key, index, offset, count, cancellationToken);
        return new KeyPage([.. page.Items.Select(static item => new KeyPage.Item(item.Id, item.Score))], page.Total);
    }

    /// <summary>The write of a key, for the repository that writes several records at once.</summary>
    public static RecordWrite Write(KeyHash hash, StoredKey key, DateTimeOffset? storedUntil) =>
        new(IdOf(hash), JsonSerializer.SerializeToUtf8Bytes(key, SessionJson.Default.StoredKey))
        {
            Expires = storedUntil,
            Index = [.. Index(key)],
        };

    /// <summary>The write of what is left of a Key that was ended: its value stays taken, its counters stay for what counts under it.</summary>
    public static RecordWrite Ended(KeyHash hash, DateTimeOffset? until, KeyHash? replacedBy = null) =>
        Write(hash, new StoredKey { Session = new Session(), IsEnded = true, ReplacedBy = replacedBy?.ToHex() }, until);

    /// <summary>Ends a Key: a token's value stays taken until its record would have been forgotten, any other goes at once.</summary>
    public async ValueTask EndAsync(KeyHash hash, Versioned<StoredKey>? found, CancellationToken cancellationToken)
    {
        if (found is { Value.GrantId: not null, StoredUntil: { } until })
        {
            await store.PutAsync(Ended(hash, until), PutCondition.Any, cancellationToken);
        }
        else
        {
            await store.DeleteAsync(IdOf(hash), version: null, cancellationToken);
        }
    }

    private static IEnumerable<IndexEntry> Index(StoredKey key)
    {
        if (key.IsEnded)
        {
            yield break;
        }

        var session = key.Session;
        yield return new IndexEntry(AllKeys, 0);
        if (session.OrgId.Length > 0)
        {
            yield return new IndexEntry(OfOrganisation(session.OrgId), 0);
        }

        foreach (var api in session.AccessRights.Keys)
        {
            yield return new IndexEntry(OfApi(api), 0);
        }

        if (key is { GrantId: { } grant, Realm: { } realm, ClientId: { } client, Life: { } life })
        {
            yield return new IndexEntry(OfGrant(grant), 0);
            yield return new IndexEntry(OfClient(realm, client, life), session.Expires, session.Expires > 0 ? KeyLifetime.FromUnixSeconds(session.Expires) : null);
        }
    }
}
