using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.OAuth.Authorization;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Grants;

/// <summary>Grants, codes and refresh tokens in the store, the latter two by the hash of their text.</summary>
internal sealed class GrantRepository(IRecordStore store)
{
    private const int PageSize = 200;

    private static readonly RecordKind[] ChildKinds = [RecordKind.Key, RecordKind.RefreshToken, RecordKind.Code];

    public ValueTask<Versioned<Grant>?> FindAsync(string grantId, CancellationToken cancellationToken) =>
        FindAsync(GrantRecord(grantId), OAuthJson.Default.Grant, cancellationToken);

    public ValueTask<Versioned<AuthorizationCode>?> FindCodeAsync(string code, CancellationToken cancellationToken) =>
        FindAsync(CodeRecord(code), OAuthJson.Default.AuthorizationCode, cancellationToken);

    public ValueTask<Versioned<RefreshToken>?> FindRefreshTokenAsync(string token, CancellationToken cancellationToken) => FindRefreshTokenAsync(KeyHash.Of(token), cancellationToken);

    public ValueTask<Versioned<RefreshToken>?> FindRefreshTokenAsync(KeyHash hash, CancellationToken cancellationToken) =>
        FindAsync(RefreshRecord(hash), OAuthJson.Default.RefreshToken, cancellationToken);

    /// <summary>Replaces a grant that was read; false when another was quicker.</summary>
    public async ValueTask<bool> ReplaceAsync(Grant grant, Versioned<Grant> read, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(grant, read.StoredUntil), PutCondition.Version(read.Version), cancellationToken) is not null;

    /// <summary>Deletes a grant that was read; false when another was quicker.</summary>
    public ValueTask<bool> DeleteAsync(Versioned<Grant> read, CancellationToken cancellationToken) => store.DeleteAsync(GrantRecord(read.Value.Id), read.Version, cancellationToken);

    /// <summary>Stores a grant and the code that may be exchanged under it.</summary>
    public async ValueTask AddCodeAsync(Grant grant, string code, AuthorizationCode record, DateTimeOffset expires, CancellationToken cancellationToken) =>
        await store.PutAllAsync([Write(grant, expires), Write(CodeRecord(code), record, expires)], cancellationToken);

    /// <summary>
    /// Stores what was issued. False, with nothing left stored, when the grant that was read, or the witness, changed or ended since: one that ended never comes back.
    /// </summary>
    /// <param name="grant">The parent of what was issued.</param>
    /// <param name="version">The version of the grant that was read; null for a new one.</param>
    /// <param name="witness">The client of a new grant, where it was not just read: it must be as it was.</param>
    /// <param name="grantExpires">When the store forgets the grant; null for never.</param>
    /// <param name="key">The access token.</param>
    /// <param name="refreshToken">The refresh token, if there is one.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<bool> IssueAsync(Grant grant, long? version, RecordWitness? witness, DateTimeOffset? grantExpires, IssuedKey key, IssuedRefreshToken? refreshToken, CancellationToken cancellationToken)
    {
        var write = Write(grant, grantExpires);
        List<RecordWrite> children = [KeyRepository.Write(key.Hash, key.Key, key.StoredUntil)];
        if (refreshToken is not null)
        {
            children.Add(Write(KeyHash.Of(refreshToken.Text), refreshToken.Token, refreshToken.Expires));
        }

        if (version is null)
        {
            return await (witness is { } seen ? store.PutAllAsync([write, .. children], seen, cancellationToken) : store.PutAllAsync([write, .. children], cancellationToken));
        }

        // The children first: a revocation that comes before the grant is written makes that fail, and one that comes after finds them.
        await store.PutAllAsync(children, cancellationToken);
        if (await store.PutAsync(write, PutCondition.Version(version.Value), cancellationToken) is not null)
        {
            return true;
        }

        await store.DeleteAllAsync([.. children.Select(static child => child.Id)], cancellationToken);
        return false;
    }

    /// <summary>Removes tokens that nobody was given, and has their grant name those before them again.</summary>
    /// <param name="before">The grant as it was read.</param>
    /// <param name="spent">The hash of the refresh token that was to be exchanged, which is not good any more.</param>
    /// <param name="accessToken">The access token.</param>
    /// <param name="refreshToken">The refresh token, where there is one.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask DiscardAsync(Grant before, KeyHash spent, string accessToken, string? refreshToken, CancellationToken cancellationToken)
    {
        var hash = KeyHash.Of(accessToken);
        List<RecordId> records = [KeyRepository.IdOf(hash)];
        if (refreshToken is not null)
        {
            records.Add(RefreshRecord(refreshToken));
        }

        await store.DeleteAllAsync(records, cancellationToken);
        var canRefresh = !string.Equals(before.RefreshToken, spent.ToHex(), StringComparison.Ordinal);
        while (await FindAsync(before.Id, cancellationToken) is { } read
            && string.Equals(read.Value.AccessToken, hash.ToHex(), StringComparison.Ordinal)
            && !await ReplaceAsync(
                read.Value with
                {
                    AccessToken = before.AccessToken,
                    AccessExpires = before.AccessExpires,
                    RefreshToken = canRefresh ? before.RefreshToken : null,
                    RefreshExpires = canRefresh ? before.RefreshExpires : 0,
                    Refreshed = before.Refreshed,
                    Scope = before.Scope,
                },
                read,
                cancellationToken))
        {
        }
    }

    /// <summary>Replaces a code that was read, keeping its expiry; false when another was quicker.</summary>
    public async ValueTask<bool> ReplaceAsync(string text, AuthorizationCode code, Versioned<AuthorizationCode> read, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(CodeRecord(text), code, read.StoredUntil), PutCondition.Version(read.Version), cancellationToken) is not null;

    /// <summary>Replaces a refresh token that was read, keeping its expiry; false when another was quicker.</summary>
    public async ValueTask<bool> ReplaceAsync(string text, RefreshToken token, Versioned<RefreshToken> read, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(KeyHash.Of(text), token, read.StoredUntil), PutCondition.Version(read.Version), cancellationToken) is not null;

    public ValueTask<bool> DeleteAsync(string grantId, CancellationToken cancellationToken) => store.DeleteAsync(GrantRecord(grantId), version: null, cancellationToken);

    /// <summary>Every key, refresh token and code of a grant.</summary>
    public ValueTask<GrantChildren> ListChildrenAsync(string grantId, CancellationToken cancellationToken) => ListAsync(grantId, ChildKinds, cancellationToken);

    /// <summary>Every key of a grant.</summary>
    public ValueTask<GrantChildren> ListKeysAsync(string grantId, CancellationToken cancellationToken) => ListAsync(grantId, [RecordKind.Key], cancellationToken);

    private async ValueTask<GrantChildren> ListAsync(string grantId, IEnumerable<RecordKind> kinds, CancellationToken cancellationToken)
    {
        var children = new List<RecordId>();
        foreach (var kind in kinds)
        {
            IndexPage page;
            var offset = 0;
            do
            {
                page = await store.ListAsync(kind, KeyRepository.OfGrant(grantId), offset, PageSize, cancellationToken);
                children.AddRange(page.Items.Select(item => new RecordId(kind, item.Id)));
                offset += page.Items.Count;
            }
            while (page.Items.Count == PageSize);
        }

        return new GrantChildren(children);
    }

    private async ValueTask<Versioned<T>?> FindAsync<T>(RecordId id, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var record = await store.GetAsync(id, cancellationToken);
        return record is null ? null : new(JsonSerializer.Deserialize(record.Payload.Span, type)!, record.Version, record.Expires);
    }

    /// <summary>The write of a grant, for the repository that writes several records at once.</summary>
    public static RecordWrite Write(Grant grant, DateTimeOffset? expires) =>
        new(GrantRecord(grant.Id), JsonSerializer.SerializeToUtf8Bytes(grant, OAuthJson.Default.Grant))
        {
            Expires = expires,
            Index =
            [
                .. GrantIndex.Of(new StoredGrant
                {
                    Realm = grant.Realm,
                    ClientId = grant.ClientId,
                    Subject = grant.Subject,
                    Life = grant.Life,
                    AccessToken = grant.AccessToken,
                    RefreshToken = grant.RefreshToken,
                    Created = grant.Created,
                }),
            ],
        };

    private static RecordWrite Write(RecordId id, AuthorizationCode code, DateTimeOffset? expires) =>
        new(id, JsonSerializer.SerializeToUtf8Bytes(code, OAuthJson.Default.AuthorizationCode))
        {
            Expires = expires,
            Index = [new IndexEntry(KeyRepository.OfGrant(code.GrantId), 0)],
        };

    /// <summary>The write of a refresh token, for the repository that writes several records at once.</summary>
    public static RecordWrite Write(KeyHash hash, RefreshToken token, DateTimeOffset? expires) =>
        new(RefreshRecord(hash), JsonSerializer.SerializeToUtf8Bytes(token, OAuthJson.Default.RefreshToken))
        {
            Expires = expires,
            Index = [new IndexEntry(KeyRepository.OfGrant(token.GrantId), 0)],
        };

    private static RecordId RefreshRecord(KeyHash hash) => new(RecordKind.RefreshToken, hash.ToHex());

    /// <summary>The write of what is left of a refresh token that was ended with its grant: its value stays taken.</summary>
    public static RecordWrite Ended(RecordId id, DateTimeOffset? until) =>
        new(id, JsonSerializer.SerializeToUtf8Bytes(RefreshToken.Ended, OAuthJson.Default.RefreshToken)) { Expires = until };

    private static RecordId GrantRecord(string grantId) => new(RecordKind.Grant, grantId);

    private static RecordId CodeRecord(string code) => new(RecordKind.Code, KeyHash.Of(code).ToHex());

    private static RecordId RefreshRecord(string token) => RefreshRecord(KeyHash.Of(token));
}
