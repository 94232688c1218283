using EdgeAuth.Catalog;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>Lists token records, oldest first (spec/authlete.md 1.3).</summary>
internal sealed class RecordLister(RecordRepository records, TimeProvider time)
{
    // So many are read at once where every record must be looked at.
    private const int Batch = 500;

    // A crash leaves few behind, and each pass removes those it meets.
    private const int MostPasses = 4;

    /// <summary>The list that a filter names.</summary>
    public static string IndexOf(RealmSettings realm, RecordFilter filter) => (filter.Client, filter.Subject) switch
    {
        (null, "") => GrantIndex.OfRealm(realm.Id),
        (null, var subject) => GrantIndex.OfSubject(realm.Id, subject),
        ({ } client, "") => GrantIndex.OfClient(realm.Id, client.Id, client.Life),
        ({ } client, var subject) => GrantIndex.OfClientAndSubject(realm.Id, client.Life, subject),
    };

    public ValueTask<RecordPage> ListAsync(RealmSettings realm, RecordFilter filter, int offset, int count, CancellationToken cancellationToken) =>
        filter.Status == RecordStatus.All
            ? ListAllAsync(IndexOf(realm, filter), offset, count, cancellationToken)
            : ListSomeAsync(IndexOf(realm, filter), filter.Status == RecordStatus.Valid, offset, count, cancellationToken);

    private async ValueTask<RecordPage> ListAllAsync(string index, int offset, int count, CancellationToken cancellationToken)
    {
        for (var pass = 1; ; pass++)
        {
            var now = time.GetUtcNow();
            var page = await records.ListAsync(index, offset, count, cancellationToken);
            var loaded = await records.LoadAsync([.. page.Items.Select(static item => item.Id)], cancellationToken);
            var dead = loaded.OfType<LoadedRecord>().Where(record => !record.IsAlive(now)).ToList();
            if (dead.Count == 0 || pass == MostPasses)
            {
                return new RecordPage([.. loaded.OfType<LoadedRecord>().Where(record => record.IsAlive(now)).Select(record => RecordMapper.Map(record, now))], page.Total);
            }

            // What ended with its client, but for a crash, is in no list.
            foreach (var record in dead)
            {
                await records.ForgetAsync(record, cancellationToken);
            }
        }
    }

    // The state of an access token changes with time alone, so no list is kept of it.
    private async ValueTask<RecordPage> ListSomeAsync(string index, bool isValid, int offset, int count, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (found, total, seen) = (new List<TokenRecord>(), 0L, 0);
        int read;
        do
        {
            var page = await records.ListAsync(index, seen, Batch, cancellationToken);
            foreach (var record in (await records.LoadAsync([.. page.Items.Select(static item => item.Id)], cancellationToken)).OfType<LoadedRecord>())
            {
                if (record.IsAlive(now) && record.IsValid(now) == isValid)
                {
                    if (total >= offset && found.Count < count)
                    {
                        found.Add(RecordMapper.Map(record, now));
                    }

                    total++;
                }
            }

            seen += read = page.Items.Count;
        }
        while (read == Batch);

        return new RecordPage(found, total);
    }
}
