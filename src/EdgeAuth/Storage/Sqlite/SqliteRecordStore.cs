using static EdgeAuth.Storage.Sqlite.SqliteRecordTables;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>Records in SQLite: written by the one writer with durable commits, read on snapshots.</summary>
internal sealed class SqliteRecordStore(SqliteDatabase database, SqliteWriter writer, TimeProvider time) : IRecordStore
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<StoredRecord?> GetAsync(RecordId id, CancellationToken cancellationToken)
    {
        var now = Now;
        return new(database.Read(session => Find(session, id, now)));
    }

    public ValueTask<IReadOnlyList<StoredRecord?>> GetManyAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken)
    {
        var now = Now;

        // One transaction: each by itself would lock and unlock the file.
        return new(database.Read(session => InTransaction(session, () => (IReadOnlyList<StoredRecord?>)[.. ids.Select(id => Find(session, id, now))])));
    }

    public async ValueTask<long?> PutAsync(RecordWrite write, PutCondition condition, CancellationToken cancellationToken)
    {
        var now = Now;
        return await writer.WriteAsync(durable: true, session => Holds(session, write.Id, condition, now) ? Put(session, write, now) : (long?)null, cancellationToken);
    }

    public ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellationToken) => PutAllAsync(writes, witness: null, cancellationToken);

    public ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, RecordWitness witness, CancellationToken cancellationToken) =>
        PutAllAsync(writes, (RecordWitness?)witness, cancellationToken);

    public async ValueTask<bool> DeleteAsync(RecordId id, long? version, CancellationToken cancellationToken)
    {
        var now = Now;
        return await writer.WriteAsync(
            durable: true,
            session => Find(session, id, now) is { } found && (version is null || version == found.Version) && Remove(session, id),
            cancellationToken);
    }

    public async ValueTask DeleteAllAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken) =>
        await writer.WriteAsync(
            durable: true,
            session => ids.Count(id => Remove(session, id)),
            cancellationToken);

    public async ValueTask<StoredRecord?> TakeAsync(RecordId id, CancellationToken cancellationToken)
    {
        var now = Now;
        return await writer.WriteAsync(
            durable: true,
            session =>
            {
                var found = Find(session, id, now);
                if (found is not null)
                {
                    Remove(session, id);
                }

                return found;
            },
            cancellationToken);
    }

    public ValueTask<IndexPage> ListAsync(RecordKind kind, string index, int offset, int count, CancellationToken cancellationToken)
    {
        var now = Now;
        return new(database.Read(session => List(session, kind, index, offset, count, now)));
    }

    private async ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, RecordWitness? witness, CancellationToken cancellationToken)
    {
        var now = Now;
        return await writer.WriteAsync(
            durable: true,
            session =>
            {
                if ((witness is { } seen && VersionOf(session, seen.Id, now) != seen.Version) || !writes.All(write => Holds(session, write.Id, write.Condition, now)))
                {
                    return false;
                }

                foreach (var write in writes)
                {
                    Put(session, write, now);
                }

                return true;
            },
            cancellationToken);
    }

    private static IndexPage List(SqliteSession session, RecordKind kind, string index, int offset, int count, long now)
    {
        // So that the total and the slice are of the same snapshot.
        return InTransaction(session, () =>
        {
            var total = (long)session.Scalar($"SELECT count(*) FROM index_entries WHERE kind = $0 AND name = $1 AND {Unexpired}", (int)kind, index, now)!;
            count = (int)Math.Clamp(total - offset, 0, count);
            if (offset <= total / 2)
            {
                return new IndexPage(Page("ORDER BY score, id", count, offset), total);
            }

            // What is passed by is read too, so it is the shorter way round.
            var items = Page("ORDER BY score DESC, id DESC", count, total - offset - count);
            items.Reverse();
            return new IndexPage(items, total);
        });

        List<IndexPage.Item> Page(string order, int limit, long skipped) => limit == 0 ? [] :
        [
            .. session.Query(
                $"SELECT id, score FROM index_entries WHERE kind = $0 AND name = $1 AND {Unexpired} {order} LIMIT $3 OFFSET $4",
                static row => new IndexPage.Item(row.GetString(0), row.GetInt64(1)),
                (int)kind, index, now, limit, skipped),
        ];
    }

    private static T InTransaction<T>(SqliteSession session, Func<T> read)
    {
        session.Execute("BEGIN");
        try
        {
            return read();
        }
        finally
        {
            session.Execute("COMMIT");
        }
    }
}
