using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>Records with their index entries in the tables, within a transaction of the caller.</summary>
internal static class SqliteRecordTables
{
    public const string Unexpired = "(expires IS NULL OR expires > $2)";

    private const string RemoveEntry = "DELETE FROM index_entries WHERE kind = $0 AND name = $1 AND score = $2 AND id = $3";
    private const string RemoveRecord = "DELETE FROM records WHERE kind = $0 AND id = $1";

    // More entries than these are added in several statements.
    private const int MostAtOnce = 8;

    private static readonly string[] AddEntries = [.. Enumerable.Range(1, MostAtOnce).Select(AddEntriesText)];

    public static StoredRecord? Find(SqliteSession session, RecordId id, long now)
    {
        var rows = session.Query(
            $"SELECT payload, version, expires FROM records WHERE kind = $0 AND id = $1 AND {Unexpired}",
            row => new StoredRecord(id, row.GetFieldValue<byte[]>(0), row.GetInt64(1), ReadTime(row, 2)),
            (int)id.Kind, id.Id, now);
        return rows.Count == 0 ? null : rows[0];
    }

    public static bool Holds(SqliteSession session, RecordId id, PutCondition condition, long now) =>
        condition.MustBeAbsent ? VersionOf(session, id, now) is null
        : condition.MustHaveVersion is not { } version || VersionOf(session, id, now) == version;

    /// <summary>The version of a record; null when there is none.</summary>
    public static long? VersionOf(SqliteSession session, RecordId id, long now) =>
        (long?)session.Scalar($"SELECT version FROM records WHERE kind = $0 AND id = $1 AND {Unexpired}", (int)id.Kind, id.Id, now);

    public static long Put(SqliteSession session, RecordWrite write, long now)
    {
        // Random, so that a record deleted and created anew never shows a version it had before.
        var version = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        var entries = new SqliteIndexEntry[write.Index.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = SqliteIndexEntry.Of(write.Index[i], write.Expires);
        }

        // Most are new, so it is tried before anything is looked for.
        var text = SqliteIndexEntry.Write(entries);
        if (Insert(session, write, version, text))
        {
            Add(session, write, entries);
            return version;
        }

        var (expires, old) = Standing(session, write.Id);
        if (expires <= now)
        {
            // One that has expired is absent, so what follows it is a new record.
            Remove(session, write.Id);
            Insert(session, write, version, text);
            Add(session, write, entries);
            return version;
        }

        // One that is there is changed in place: a delete would end its counters.
        session.Execute(
            "UPDATE records SET payload = $2, version = $3, expires = $4, entries = $5 WHERE kind = $0 AND id = $1",
            (int)write.Id.Kind, write.Id.Id, write.Payload.ToArray(), version, write.Expires?.ToUnixTimeMilliseconds(), text);
        if (expires == write.Expires?.ToUnixTimeMilliseconds())
        {
            Remove(session, write.Id, old.Except(entries));
            Add(session, write, [.. entries.Except(old)]);
        }
        else
        {
            Remove(session, write.Id, old);
            Add(session, write, entries);
        }

        return version;
    }

    public static bool Remove(SqliteSession session, RecordId id) => Remove(session, id, Standing(session, id).Entries) >= 0 && session.Execute(RemoveRecord, (int)id.Kind, id.Id) > 0;

    /// <summary>Removes what has expired by now, at most so many records, and returns how many records and how many rows in all went.</summary>
    public static (int Records, int Rows) Sweep(SqliteSession session, long now, int most)
    {
        var expired = session.Query(
            "SELECT kind, id, entries FROM records WHERE expires <= $0 LIMIT $1",
            static row => (Id: new RecordId((RecordKind)row.GetInt32(0), row.GetString(1)), Entries: row.IsDBNull(2) ? null : row.GetString(2)),
            now, most);
        var rows = 0;
        foreach (var (id, entries) in expired)
        {
            rows += Remove(session, id, SqliteIndexEntry.Read(entries)) + session.Execute(RemoveRecord, (int)id.Kind, id.Id);
        }

        return (expired.Count, rows);
    }

    private static bool Insert(SqliteSession session, RecordWrite write, long version, string? entries) =>
        session.Execute(
            "INSERT INTO records (kind, id, payload, version, expires, entries) VALUES ($0, $1, $2, $3, $4, $5) ON CONFLICT (kind, id) DO NOTHING",
            (int)write.Id.Kind, write.Id.Id, write.Payload.ToArray(), version, write.Expires?.ToUnixTimeMilliseconds(), entries) > 0;

    // When the record expires and what entries it has, whether or not it has expired by now.
    private static (long? Expires, List<SqliteIndexEntry> Entries) Standing(SqliteSession session, RecordId id)
    {
        var rows = session.Query(
            "SELECT expires, entries FROM records WHERE kind = $0 AND id = $1",
            static row => (row.IsDBNull(0) ? (long?)null : row.GetInt64(0), SqliteIndexEntry.Read(row.IsDBNull(1) ? null : row.GetString(1))),
            (int)id.Kind, id.Id);
        return rows.Count == 0 ? (null, []) : rows[0];
    }

    private static void Add(SqliteSession session, RecordWrite write, SqliteIndexEntry[] entries)
    {
        foreach (var some in entries.Chunk(MostAtOnce))
        {
            var arguments = new object?[2 + (some.Length * 4)];
            (arguments[0], arguments[1]) = ((int)write.Id.Kind, write.Id.Id);
            for (var i = 0; i < some.Length; i++)
            {
                var (name, score, early) = some[i];
                var at = 2 + (i * 4);
                (arguments[at], arguments[at + 1], arguments[at + 2], arguments[at + 3]) = (name, score, early ?? write.Expires?.ToUnixTimeMilliseconds(), early is null ? 0 : 1);
            }

            session.Execute(AddEntries[some.Length - 1], arguments);
        }
    }

    private static int Remove(SqliteSession session, RecordId id, IEnumerable<SqliteIndexEntry> entries)
    {
        var removed = 0;
        foreach (var entry in entries)
        {
            removed += session.Execute(RemoveEntry, (int)id.Kind, entry.Name, entry.Score, id.Id);
        }

        return removed;
    }

    // Without a row that may fail, SQLite keeps no copies of what a statement changes.
    private static string AddEntriesText(int count)
    {
        var text = new StringBuilder("INSERT OR IGNORE INTO index_entries (kind, name, score, id, expires, early) VALUES ");
        for (var i = 0; i < count; i++)
        {
            var at = 2 + (i * 4);
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}($0, ${at}, ${at + 1}, $1, ${at + 2}, ${at + 3})");
        }

        return text.ToString();
    }

    private static DateTimeOffset? ReadTime(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
