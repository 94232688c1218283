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
    // How long a value that was replaced stays taken where its token has no end.
    private static readonly TimeSpan Unending = TimeSpan.FromDays(1);

    /// <param name="record">What was read.</param>
    /// <param name="change">What it becomes.</param>
    /// <param name="refresh">Its refresh token; null for none.</param>
    /// <param name="grantUntil">When it is forgotten; null for never.</param>
    /// <param name="keyUntil">When its Key is forgotten; null for never.</param>
    /// <param name="now">The current instant.</param>
    public RecordWrites(LoadedRecord record, RecordChange change, Versioned<RefreshToken>? refresh, DateTimeOffset? grantUntil, DateTimeOffset? keyUntil, DateTimeOffset now)
    {
        var (read, key) = (record.Read, record.Key!.Value);
        var version = PutCondition.Version(key.Version);
        List<RecordWrite> writes = [KeyRepository.Write(change.Hash, change.Key, keyUntil) with { Condition = change.NewValue is null ? version : PutCondition.Absent }];
        if (change.NewValue is not null)
        {
            // The counters go with the record they are counted under: that of the first value.
            var until = key.Value.CountsUnder is null ? grantUntil : grantUntil ?? now + Unending;
            writes.Add(KeyRepository.Ended(change.OldHash, until, change.Hash) with { Condition = version });
        }

        if (refresh is { } found && (change.MovesRefreshToken || change.NewValue is not null) && KeyHash.TryParse(record.Grant.RefreshToken, out var hash))
        {
            var ends = change.Grant.RefreshToken is null;
            var token = found.Value with { AccessToken = change.Hash.ToHex(), State = ends && found.Value.State == RefreshTokenState.Live ? RefreshTokenState.Invalidated : found.Value.State };
            writes.Add(GrantRepository.Write(hash, token, ends ? found.StoredUntil : DateTimeOffset.FromUnixTimeMilliseconds(change.Grant.RefreshExpires)) with
            {
                Condition = PutCondition.Version(found.Version),
            });
        }

        writes.Add(GrantRepository.Write(change.Grant, grantUntil) with { Condition = PutCondition.Version(read.Version) });
        All = writes;
    }

    public IReadOnlyList<RecordWrite> All { get; }
}
