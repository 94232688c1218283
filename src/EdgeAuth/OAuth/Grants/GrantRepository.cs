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

    public ValueTask<Versioned<RefreshToken>?> FindRefreshTokenAsync(string token, CancellationToken cancellationToken) =>
        FindAsync(RefreshRecord(token), OAuthJson.Default.RefreshToken, cancellationToken);

    /// <summary>Stores a grant and the code that may be exchanged under it.</summary>
    public async ValueTask AddCodeAsync(Grant grant, string code, AuthorizationCode record, DateTimeOffset expires, CancellationToken cancellationToken) =>
        await store.PutAllAsync([Write(grant, expires), Write(CodeRecord(code), record, expires)], cancellationToken);

    /// <summary>
    /// Stores what was issued. False, with nothing left stored, when the grant that was read changed or ended since: one that ended never comes back.
    /// </summary>
    /// <param name="grant">The parent of what was issued.</param>
    /// <param name="version">The version of the grant that was read; null for a new one.</param>
    /// <param name="grantExpires">When the store forgets the grant; null for never.</param>
    /// <param name="key">The access token.</param>
    /// <param name="refreshToken">The refresh token, if there is one.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<bool> IssueAsync(Grant grant, long? version, DateTimeOffset? grantExpires, IssuedKey key, IssuedRefreshToken? refreshToken, CancellationToken cancellationToken)
    {
        var write = Write(grant, grantExpires);
        List<RecordWrite> children = [KeyRepository.Write(key.Hash, key.Key, key.StoredUntil)];
        if (refreshToken is not null)
        {
            children.Add(Write(RefreshRecord(refreshToken.Text), refreshToken.Token, refreshToken.Expires));
        }

        if (version is null)
        {
            await store.PutAllAsync([write, .. children], cancellationToken);
            return true;
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

    /// <summary>Removes tokens that nobody was given.</summary>
    public ValueTask DiscardAsync(string accessToken, string? refreshToken, CancellationToken cancellationToken)
    {
        List<RecordId> records = [KeyRepository.IdOf(KeyHash.Of(accessToken))];
        if (refreshToken is not null)
        {
            records.Add(RefreshRecord(refreshToken));
        }

        return store.DeleteAllAsync(records, cancellationToken);
    }

    /// <summary>Replaces a code that was read, keeping its expiry; false when another was quicker.</summary>
    public async ValueTask<bool> ReplaceAsync(string text, AuthorizationCode code, Versioned<AuthorizationCode> read, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(CodeRecord(text), code, read.StoredUntil), PutCondition.Version(read.Version), cancellationToken) is not null;

    /// <summary>Replaces a refresh token that was read, keeping its expiry; false when another was quicker.</summary>
    public async ValueTask<bool> ReplaceAsync(string text, RefreshToken token, Versioned<RefreshToken> read, CancellationToken cancellationToken) =>
        await store.PutAsync(Write(RefreshRecord(text), token, read.StoredUntil), PutCondition.Version(read.Version), cancellationToken) is not null;

    public ValueTask<bool> DeleteAsync(string grantId, CancellationToken cancellationToken) => store.DeleteAsync(GrantRecord(grantId), version: null, cancellationToken);

    /// <summary>Every key, refresh token and code of a grant.</summary>
    public async ValueTask<GrantChildren> ListChildrenAsync(string grantId, CancellationToken cancellationToken)
    {
        var children = new List<RecordId>();
        foreach (var kind in ChildKinds)
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

    public ValueTask DeleteAsync(GrantChildren children, CancellationToken cancellationToken) => store.DeleteAllAsync(children.Records, cancellationToken);

    private async ValueTask<Versioned<T>?> FindAsync<T>(RecordId id, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var record = await store.GetAsync(id, cancellationToken);
        return record is null ? null : new(JsonSerializer.Deserialize(record.Payload.Span, type)!, record.Version, record.Expires);
    }

    private static RecordWrite Write(Grant grant, DateTimeOffset? expires) =>
        new(GrantRecord(grant.Id), JsonSerializer.SerializeToUtf8Bytes(grant, OAuthJson.Default.Grant)) { Expires = expires };

    private static RecordWrite Write(RecordId id, AuthorizationCode code, DateTimeOffset? expires) =>
        new(id, JsonSerializer.SerializeToUtf8Bytes(code, OAuthJson.Default.AuthorizationCode))
        {
            Expires = expires,
            Index = [new IndexEntry(KeyRepository.OfGrant(code.GrantId), 0)],
        };

    private static RecordWrite Write(RecordId id, RefreshToken token, DateTimeOffset? expires) =>
        new(id, JsonSerializer.SerializeToUtf8Bytes(token, OAuthJson.Default.RefreshToken))
        {
            Expires = expires,
            Index = [new IndexEntry(KeyRepository.OfGrant(token.GrantId), 0)],
        };

    private static RecordId GrantRecord(string grantId) => new(RecordKind.Grant, grantId);

    private static RecordId CodeRecord(string code) => new(RecordKind.Code, KeyHash.Of(code).ToHex());

    private static RecordId RefreshRecord(string token) => new(RecordKind.RefreshToken, KeyHash.Of(token).ToHex());
}
