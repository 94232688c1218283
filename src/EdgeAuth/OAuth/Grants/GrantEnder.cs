using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Grants;

/// <summary>
/// Ends grants with everything issued under them. The grant goes first, so that nothing issued meanwhile lives; its children are announced while they
/// can still be found, so that a retry after a crash announces them again; then they are marked as ended, which keeps their values taken.
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
        var deleted = await Task.WhenAll(ended.Select(grant => grants.DeleteAsync(grant.Id, cancellationToken).AsTask()));
        var children = await Task.WhenAll(ended.Select(grant => grants.ListChildrenAsync(grant.Id, CancellationToken.None).AsTask()));
        List<string> hashes = [.. children.SelectMany(static found => found.KeyHashes)];
        await invalidations.PublishGrantsAsync(ended.Select(static grant => grant.Id), hashes, CancellationToken.None);
        var forgotten = time.GetUtcNow() + Unending;
        List<RecordWrite> marks = [];
        List<RecordId> codes = [];
        foreach (var (index, found) in children.Index())
        {
            var until = ended[index].StoredUntil ?? forgotten;
            marks.AddRange(found.Records.Where(static record => record.Kind is not RecordKind.Code).Select(record => Mark(record, until)));
            codes.AddRange(found.Records.Where(static record => record.Kind is RecordKind.Code));
        }

        if (marks.Count > 0)
        {
            await store.PutAllAsync(marks, CancellationToken.None);
        }

        if (codes.Count > 0)
        {
            await store.DeleteAllAsync(codes, CancellationToken.None);
        }

        return (deleted.Count(static wasThere => wasThere), hashes);
    }

    private static RecordWrite Mark(RecordId record, DateTimeOffset until) => KeyHash.TryParse(record.Id, out var hash) && record.Kind == RecordKind.Key
        ? KeyRepository.Ended(hash, until)
        : GrantRepository.Ended(record, until);
}
