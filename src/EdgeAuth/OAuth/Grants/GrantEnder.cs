using System.Text.Json;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Grants;

/// <summary>
/// Ends grants with everything issued under them. What can be used goes first, marked as ended, which also keeps its value taken, and is announced; then the
/// grant goes, by which a retry after a crash finds all of it again. What was issued meanwhile is looked for once more.
/// </summary>
internal sealed class GrantEnder(IRecordStore store, GrantRepository grants, Invalidations invalidations, TimeProvider time)
{
    // How long the value of a token without an end stays taken once it was ended.
    private static readonly TimeSpan Unending = TimeSpan.FromDays(1);

    /// <summary>Ends several grants.</summary>
    /// <param name="ended">Their ids, with when each is forgotten, as far as that is known.</param>
    /// <param name="cancellationToken">Keeps it from beginning; once begun it goes on, or the other nodes would never hear of it.</param>
    /// <returns>How many this call ended, and the hashes of the access tokens under all of them.</returns>
    public async ValueTask<(int Count, IReadOnlyList<string> KeyHashes)> EndAsync(IReadOnlyList<(string Id, DateTimeOffset? StoredUntil)> ended, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var children = await Task.WhenAll(ended.Select(grant => grants.ListChildrenAsync(grant.Id, CancellationToken.None).AsTask()));
        var hashes = await MarkAsync(ended, children, isRepeat: false);
        var deleted = await Task.WhenAll(ended.Select(grant => grants.DeleteAsync(grant.Id, CancellationToken.None).AsTask()));
        var late = await Task.WhenAll(ended.Select(grant => grants.ListKeysAsync(grant.Id, CancellationToken.None).AsTask()));
        return (deleted.Count(static wasThere => wasThere), [.. hashes, .. await MarkAsync(ended, late, isRepeat: true)]);
    }

    private async ValueTask<List<string>> MarkAsync(IReadOnlyList<(string Id, DateTimeOffset? StoredUntil)> ended, GrantChildren[] children, bool isRepeat)
    {
        List<string> hashes = [.. children.SelectMany(static found => found.KeyHashes)];
        if (isRepeat && hashes.Count == 0)
        {
            return hashes;
        }

        var forgotten = time.GetUtcNow() + Unending;
        List<RecordWrite> marks = [];
        List<RecordId> codes = [];
        foreach (var (index, found) in children.Index())
        {
            var until = ended[index].StoredUntil ?? forgotten;
            marks.AddRange(found.Records.Where(static record => record.Kind is not RecordKind.Code).Select(record => Mark(record, until)));
            marks.AddRange((await CountersAsync(found)).Select(owner => KeyRepository.Ended(owner, until)));
            codes.AddRange(found.Records.Where(static record => record.Kind is RecordKind.Code));
        }

        try
        {
            if (marks.Count > 0)
            {
                await store.PutAllAsync(marks, CancellationToken.None);
            }

            if (codes.Count > 0)
            {
                await store.DeleteAllAsync(codes, CancellationToken.None);
            }
        }
        finally
        {
            await invalidations.PublishGrantsAsync(ended.Select(static grant => grant.Id), hashes, CancellationToken.None);
        }

        return hashes;
    }

    // What is left of the tokens whose places these took is kept for their counters, and goes with them.
    private async ValueTask<IEnumerable<KeyHash>> CountersAsync(GrantChildren found)
    {
        var keys = await store.GetManyAsync([.. found.Records.Where(static record => record.Kind is RecordKind.Key)], CancellationToken.None);
        return keys.OfType<StoredRecord>()
            .Select(static record => JsonSerializer.Deserialize(record.Payload.Span, SessionJson.Default.StoredKey)!.CountsUnder)
            .Select(static owner => KeyHash.TryParse(owner, out var hash) ? hash : (KeyHash?)null)
            .OfType<KeyHash>();
    }

    private static RecordWrite Mark(RecordId record, DateTimeOffset until) => KeyHash.TryParse(record.Id, out var hash) && record.Kind == RecordKind.Key
        ? KeyRepository.Ended(hash, until)
        : GrantRepository.Ended(record, until);
}
