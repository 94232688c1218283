using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>Ends token records: an access token dies with its refresh token (spec/authlete.md 1.2, 1.4).</summary>
internal sealed class RecordEnder(RecordRepository records, GrantEnder ender, Invalidations invalidations, OAuthMetrics metrics, TimeProvider time)
{
    private const int Batch = 100;

    // How far the clocks of nodes may be apart: what one made before the call may look younger than the call to another.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(1);

    /// <summary>Ends the record of a token, by value or by hash.</summary>
    public async ValueTask<RecordRefusal> DeleteAsync(RealmSettings realm, string identifier, ChangeSet changes, CancellationToken cancellationToken)
    {
        foreach (var hash in Candidates(identifier))
        {
            var record = await FindAsync(records.FindByAccessTokenAsync(hash, cancellationToken)) ?? await FindAsync(records.FindByRefreshTokenAsync(hash, cancellationToken));
            if (record is not null)
            {
                return !IsOf(record, realm) ? RecordRefusal.TokenForeign
                    : await EndAsync([record], Described(record), changes, cancellationToken) > 0 ? RecordRefusal.None
                    : RecordRefusal.TokenUnknown;
            }
        }

        await AnnounceAsync(identifier, changes, cancellationToken);
        return RecordRefusal.TokenUnknown;
    }

    /// <summary>Ends the record of an access token of the realm, by value or by hash; how many that were.</summary>
    public ValueTask<long> RevokeByAccessTokenAsync(RealmSettings realm, string identifier, ChangeSet changes, CancellationToken cancellationToken) =>
        RevokeAsync(realm, identifier, hash => records.FindByAccessTokenAsync(hash, cancellationToken), changes, cancellationToken);

    /// <summary>Ends the record of a refresh token of the realm, by value or by hash; how many that were.</summary>
    public ValueTask<long> RevokeByRefreshTokenAsync(RealmSettings realm, string identifier, ChangeSet changes, CancellationToken cancellationToken) =>
        RevokeAsync(realm, identifier, hash => records.FindByRefreshTokenAsync(hash, cancellationToken), changes, cancellationToken);

    /// <summary>Ends every record of a list that was there when the call began; how many that were.</summary>
    public async ValueTask<long> RevokeAllAsync(RealmSettings realm, RecordFilter filter, ChangeSet changes, CancellationToken cancellationToken)
    {
        // One note for all of them, however many they are.
        await changes.CommitAsync([Change.Revoked("token", Change.All, realm.Id) with { ClientId = filter.Client?.Id }], static () => ValueTask.CompletedTask);
        var index = RecordLister.IndexOf(realm, filter);
        var last = (time.GetUtcNow() + ClockMargin).ToUnixTimeMilliseconds();
        var (count, passed, ended) = (0L, 0, 0);
        while (true)
        {
            var page = await records.ListAsync(index, passed, Batch, cancellationToken);
            var items = page.Items.Where(item => item.Score <= last).ToList();
            if (items.Count == 0)
            {
                if (passed == 0 || ended == 0 || changes.IsDryRun)
                {
                    return count;
                }

                // What was passed by had perhaps been removed by others at that moment, and others moved into its place.
                (passed, ended) = (0, 0);
                continue;
            }

            var found = (await records.LoadAsync([.. items.Select(static item => item.Id)], cancellationToken)).OfType<LoadedRecord>().ToList();
            count += await EndAsync(found, [], changes, cancellationToken);
            ended += found.Count;

            // An entry that a crash left is passed by, as is everything on a dry run.
            passed += changes.IsDryRun ? items.Count : items.Count - found.Count;
        }
    }

    private async ValueTask<long> RevokeAsync(RealmSettings realm, string identifier, Func<KeyHash, ValueTask<LoadedRecord?>> find, ChangeSet changes, CancellationToken cancellationToken)
    {
        foreach (var hash in Candidates(identifier))
        {
            if (await FindAsync(find(hash)) is { } record)
            {
                return IsOf(record, realm) ? await EndAsync([record], Described(record), changes, cancellationToken) : 0;
            }
        }

        await AnnounceAsync(identifier, changes, cancellationToken);
        return 0;
    }

    // Announced also when nothing is found, so that a retry heals a crash between the end and the announcement.
    private ValueTask AnnounceAsync(string identifier, ChangeSet changes, CancellationToken cancellationToken) =>
        changes.CommitAsync([], () => invalidations.PublishKeysAsync(Candidates(identifier), cancellationToken));

    // The number of those that were alive and that nobody else ended at the same time.
    private async ValueTask<long> EndAsync(IReadOnlyList<LoadedRecord> found, IEnumerable<Change> described, ChangeSet changes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var alive = found.Count(record => record.IsAlive(now));
        var count = (long)alive;
        await changes.CommitAsync(
            described,
            async () =>
            {
                var (ended, _) = await ender.EndAsync([.. found.Select(static record => (record.Grant.Id, record.Read.StoredUntil))], cancellationToken);
                count = Math.Min(count, ended);
                for (var i = 0; i < ended; i++)
                {
                    metrics.Revoked("grant");
                }
            });
        return count;
    }

    private static Change[] Described(LoadedRecord record) =>
        [Change.Revoked("grant", record.Grant.Id, record.Grant.Realm), Change.Revoked("token", record.Grant.AccessToken ?? "", record.Grant.Realm)];

    private async ValueTask<LoadedRecord?> FindAsync(ValueTask<LoadedRecord?> finding) => await finding is { } record && record.IsAlive(time.GetUtcNow()) ? record : null;

    private static bool IsOf(LoadedRecord record, RealmSettings realm) => string.Equals(record.Grant.Realm, realm.Id, StringComparison.Ordinal);

    // A value comes before a hash (spec/authlete.md 3.5).
    private static IEnumerable<KeyHash> Candidates(string identifier)
    {
        yield return KeyHash.Of(identifier);
        if (KeyHash.TryParseBase64Url(identifier, out var hash))
        {
            yield return hash;
        }
    }
}
