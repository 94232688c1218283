using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>Records in SQLite: written by the one writer with durable commits, read on snapshots.</summary>
internal sealed class SqliteRecordStore(SqliteDatabase database, SqliteWriter writer, TimeProvider time) : IRecordStore
{
    private const string Unexpired = "(expires IS NULL OR expires > $2)";

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

    public async ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellationToken)
    {
        var now = Now;
        return await writer.WriteAsync(
            durable: true,
            session =>
            {
                if (!writes.All(write => Holds(session, write.Id, write.Condition, now)))
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

    private static StoredRecord? Find(SqliteSession session, RecordId id, long now)
    {
        var rows = session.Query(
            $"SELECT payload, version, expires FROM records WHERE kind = $0 AND id = $1 AND {Unexpired}",
            row => new StoredRecord(id, row.GetFieldValue<byte[]>(0), row.GetInt64(1), ReadTime(row, 2)),
            (int)id.Kind, id.Id, now);
        return rows.Count == 0 ? null : rows[0];
    }

    private static bool Holds(SqliteSession session, RecordId id, PutCondition condition, long now) =>
        condition.MustBeAbsent ? Find(session, id, now) is null
        : condition.MustHaveVersion is not { } version || Find(session, id, now)?.Version == version;

    private static long Put(SqliteSession session, RecordWrite write, long now)
    {
        // Random, so that a record deleted and created anew never shows a version it had before.
        var version = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        session.Execute("DELETE FROM index_entries WHERE kind = $0 AND id = $1", (int)write.Id.Kind, write.Id.Id);
        foreach (var entry in write.Index)
        {
            session.Execute(
                "INSERT INTO index_entries (kind, name, score, id, expires) VALUES ($0, $1, $2, $3, $4)",
                (int)write.Id.Kind, entry.Index, entry.Score, write.Id.Id, Earliest(entry.Expires, write.Expires));
        }

        // One that has expired is absent, so what follows it is a new record. One that is there is changed in place: a delete would end its counters.
        session.Execute("DELETE FROM records WHERE kind = $0 AND id = $1 AND expires <= $2", (int)write.Id.Kind, write.Id.Id, now);
        session.Execute(
            """
            INSERT INTO records (kind, id, payload, version, expires) VALUES ($0, $1, $2, $3, $4)
            ON CONFLICT (kind, id) DO UPDATE SET payload = excluded.payload, version = excluded.version, expires = excluded.expires
            """,
            (int)write.Id.Kind, write.Id.Id, write.Payload.ToArray(), version, write.Expires?.ToUnixTimeMilliseconds());
        return version;
    }

    private static bool Remove(SqliteSession session, RecordId id)
    {
        var removed = session.Execute("DELETE FROM records WHERE kind = $0 AND id = $1", (int)id.Kind, id.Id) > 0;
        session.Execute("DELETE FROM index_entries WHERE kind = $0 AND id = $1", (int)id.Kind, id.Id);
        return removed;
    }

    private static long? Earliest(DateTimeOffset? entry, DateTimeOffset? record) =>
        (entry is null || (record is not null && record < entry) ? record : entry)?.ToUnixTimeMilliseconds();

    private static DateTimeOffset? ReadTime(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
