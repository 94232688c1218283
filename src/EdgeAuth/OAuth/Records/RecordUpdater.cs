using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>
/// Changes token records (spec/authlete.md 1.5). What is written names the versions that were read: what was revoked meanwhile is not brought back.
/// </summary>
internal sealed class RecordUpdater(RecordRepository records, GrantRepository grants, KeyLifetime lifetime, KeyService keys, KeyRepository keyRecords, Invalidations invalidations, TimeProvider time)
{
    public async ValueTask<RecordResult> UpdateAsync(CompiledCatalog catalog, RealmSettings realm, TokenName name, TokenEdit edit, ChangeSet changes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            if (await FindAsync(name, cancellationToken) is not { } record)
            {
                // Announced, so that a retry heals a crash between a new value and its announcement.
                await changes.CommitAsync([], () => invalidations.PublishKeysAsync([KeyHash.Of(name.AccessToken)], CancellationToken.None));
                return RecordResult.Refused(RecordRefusal.TokenUnknown);
            }

            if (Check(record, realm, now) is var refusal and not RecordRefusal.None)
            {
                return RecordResult.Refused(refusal);
            }

            if (edit.Problem is { } problem)
            {
                return RecordResult.Refused(RecordRefusal.ValueUnacceptable, problem);
            }

            var refresh = KeyHash.TryParse(record.Grant.RefreshToken, out var refreshHash) ? await grants.FindRefreshTokenAsync(refreshHash, cancellationToken) : null;
            var change = new RecordChange(record, canRefresh: refresh is { Value.State: RefreshTokenState.Live }, edit, catalog, realm, now);
            if (change.Refusal != RecordRefusal.None)
            {
                return RecordResult.Refused(change.Refusal, change.Problem);
            }

            if (await WriteAsync(record, refresh, change, catalog, name, changes, cancellationToken) is { } result)
            {
                return result;
            }
        }
    }

    private ValueTask<LoadedRecord?> FindAsync(TokenName name, CancellationToken cancellationToken) =>
        name.AccessToken.Length > 0 ? records.FindByAccessTokenAsync(KeyHash.Of(name.AccessToken), cancellationToken)
        : name.AccessTokenHash.Length > 0 ? KeyHash.TryParseBase64Url(name.AccessTokenHash, out var access) ? records.FindByAccessTokenAsync(access, cancellationToken) : default
        : name.RefreshToken.Length > 0 ? records.FindByRefreshTokenAsync(KeyHash.Of(name.RefreshToken), cancellationToken)
        : KeyHash.TryParseBase64Url(name.RefreshTokenHash, out var refresh) ? records.FindByRefreshTokenAsync(refresh, cancellationToken) : default;

    // An access token that was ended, or is forgotten, is not there to be changed, though its refresh token may live.
    private static RecordRefusal Check(LoadedRecord record, RealmSettings realm, DateTimeOffset now) =>
        !string.Equals(record.Grant.Realm, realm.Id, StringComparison.Ordinal) ? record.IsAlive(now) ? RecordRefusal.TokenForeign : RecordRefusal.TokenUnknown
        : record.Client is null ? RecordRefusal.ClientGone
        : record.IsAlive(now) && record.StandingKey is not null ? RecordRefusal.None
        : RecordRefusal.TokenUnknown;

    // Null when something changed since it was read.
    private async ValueTask<RecordResult?> WriteAsync(LoadedRecord record, Versioned<RefreshToken>? refresh, RecordChange change, CompiledCatalog catalog, TokenName name, ChangeSet changes, CancellationToken cancellationToken)
    {
        var inForce = keys.Merge(change.Key.Session);
        var (grantUntil, keyUntil) = GrantLifetime.StoredUntil(change.Grant, inForce, lifetime.StoredUntil(inForce, catalog, isToken: true));
        var writes = new RecordWrites(record, change, refresh, grantUntil, keyUntil, time.GetUtcNow());
        var written = await changes.CommitAsync(
            [Changed(record, change)],
            async () =>
            {
                await keyRecords.KeepParentsAsync(change.Key with { GrantId = null }, grantUntil, cancellationToken);
                try
                {
                    return await records.ReplaceAsync(writes.All, cancellationToken);
                }
                finally
                {
                    // Whether or not all of it was written is not known where the store fails.
                    await invalidations.PublishKeysAsync([change.OldHash, change.Hash], CancellationToken.None);
                }
            });
        if (!written)
        {
            return null;
        }

        var updated = new LoadedRecord(record.Read with { Value = change.Grant }, record.Key!.Value with { Value = change.Key }, record.Client);
        return RecordResult.Of(RecordMapper.Map(updated, time.GetUtcNow()), change.NewValue ?? (name.AccessToken.Length > 0 ? name.AccessToken : null), refreshToken: null);
    }

    private static Change Changed(LoadedRecord record, RecordChange change) => Change.Modified("token", change.Hash.ToHex(), record.Grant.Realm);
}
