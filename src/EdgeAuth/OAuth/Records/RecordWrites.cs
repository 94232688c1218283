using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Records;

/// <summary>
/// The writes of a changed record, each in the place of what was read. The new Key comes first and the grant last: a crash between them leaves a record that
/// can still be revoked.
/// </summary>
internal sealed class RecordWrites
{
    /// <param name="record">What was read.</param>
    /// <param name="change">What it becomes.</param>
    /// <param name="refresh">Its refresh token; null for none.</param>
    /// <param name="keyUntil">When its Key is forgotten; null for never.</param>
    public RecordWrites(LoadedRecord record, RecordChange change, Versioned<RefreshToken>? refresh, DateTimeOffset? keyUntil)
    {
        var (read, key) = (record.Read, record.Key!.Value);
        var version = PutCondition.Version(key.Version);
        List<RecordWrite> writes = [KeyRepository.Write(change.Hash, change.Key, keyUntil) with { Condition = change.NewValue is null ? version : PutCondition.Absent }];
        var grantUntil = GrantLifetime.StoredUntil(change.Grant, keyUntil);
        if (change.NewValue is not null)
        {
            // The counters go with the record they are counted under.
            writes.Add(KeyRepository.Ended(change.OldHash, grantUntil) with { Condition = version });
        }

        if (refresh is { } found && (change.MovesRefreshToken || change.NewValue is not null) && KeyHash.TryParse(change.Grant.RefreshToken, out var hash))
        {
            var token = found.Value with { AccessToken = change.Hash.ToHex(), State = change.EndsRefreshToken ? RefreshTokenState.Invalidated : found.Value.State };
            var until = change.EndsRefreshToken ? found.StoredUntil : DateTimeOffset.FromUnixTimeMilliseconds(change.Grant.RefreshExpires);
            writes.Add(GrantRepository.Write(hash, token, until) with { Condition = PutCondition.Version(found.Version) });
        }

        writes.Add(GrantRepository.Write(change.Grant, grantUntil) with { Condition = PutCondition.Version(read.Version) });
        All = writes;
    }

    public IReadOnlyList<RecordWrite> All { get; }
}
