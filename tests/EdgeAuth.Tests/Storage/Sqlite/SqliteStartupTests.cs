using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;
using Microsoft.Data.Sqlite;

namespace EdgeAuth.Tests.Storage.Sqlite;

/// <summary>A file that cannot be used ends the start with a message that says what is wrong and what to do.</summary>
public sealed class SqliteStartupTests : IDisposable
{
    private const int HeaderSize = 100;
    private const int WriteVersionOffset = 18;
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("edgeauth.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Start_Fails_WhenTheFileIsNotADatabase()
    {
        File.WriteAllText(Path, string.Concat(Enumerable.Repeat("These are notes, not a database.\n", 100)));

        ShouldFail("is not a SQLite database", "Restore it from a backup, or move it away");
    }

    [Fact]
    public async Task Start_Fails_WhenTheHeaderIsDamaged()
    {
        await MakeDatabaseAsync();
        Overwrite(0, new byte[HeaderSize]);

        ShouldFail("its header is damaged", "Restore it from a backup");
    }

    [Fact]
    public async Task Start_Fails_WhenAPageIsDamaged()
    {
        await MakeDatabaseAsync();
        var noise = Enumerable.Range(0, 4096).Select(static i => (byte)(i * 37)).ToArray();
        Overwrite(noise.Length * 3L, noise);

        ShouldFail("it is damaged", "Restore it from a backup");
    }

    [Fact]
    public async Task Start_Fails_WhenTheFileIsCutShort()
    {
        await MakeDatabaseAsync();
        using (var file = File.OpenWrite(Path))
        {
            file.SetLength(file.Length / 2);
        }

        ShouldFail("it is damaged", "Restore it from a backup");
    }

    // Permissions do not stop root, under which tests may run. A file whose header names a format that only newer programs may write is
    // read-only for everybody: SQLite opens it and refuses the first write with the same error as for a missing permission.
    [Fact]
    public async Task Start_Fails_WhenTheFileIsReadOnly()
    {
        await MakeDatabaseAsync();
        Overwrite(WriteVersionOffset, [3]);

        ShouldFail("it is read-only", "Give this user write permission");
    }

    [Fact]
    public void Start_Fails_WhenADirectoryIsInThePlaceOfTheFile()
    {
        Directory.CreateDirectory(Path);

        ShouldFail("unable to open database file", "Check that the path is a writable file");
    }

    [Fact]
    public void Start_Fails_WhenAFileIsInThePlaceOfTheDirectory()
    {
        File.WriteAllText(_folder.File("data"), "");

        var error = Assert.Throws<StoreStartupException>(() => new SqliteDatabase(SqliteStore.OptionsFor(_folder.File("data/edgeauth.db"))));
        Assert.Contains(_folder.File("data"), error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be used", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Fails_WhenAnotherConnectionHoldsALock()
    {
        await MakeDatabaseAsync();
        using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        await other.OpenAsync();
        using var hold = other.CreateCommand();
        hold.CommandText = "BEGIN EXCLUSIVE";
        await hold.ExecuteNonQueryAsync();

        ShouldFail("another process holds a lock on it", "Close that process");
    }

    [Fact]
    public async Task Start_Fails_WhenAnotherProcessServesFromIt_UntilThatEnds()
    {
        await using (new SqliteStore(Path, new FakeTime()))
        {
            ShouldFail("another process serves from it", "give this one another EdgeAuth:Storage:Sqlite:Path");
        }

        using var database = new SqliteDatabase(SqliteStore.OptionsFor(Path));
        Assert.Equal(Path, database.FilePath);
    }

    [Fact]
    public async Task Start_Fails_WhenTheSchemaIsNewer()
    {
        await MakeDatabaseAsync();
        await ExecuteAsync("PRAGMA user_version=4");

        ShouldFail("its schema version is 4, this program knows up to 3", "Run the newer EdgeAuth");
    }

    // Else a start after the repair would be told that another process serves from the file.
    [Fact]
    public async Task FailedStart_LetsGoOfTheFile()
    {
        await MakeDatabaseAsync();
        await ExecuteAsync("PRAGMA user_version=4");
        ShouldFail("schema version", "newer");

        await ExecuteAsync("PRAGMA user_version=3");
        using var database = new SqliteDatabase(SqliteStore.OptionsFor(Path));
        Assert.Equal(300, database.Read(static session => (long)session.Scalar("SELECT count(*) FROM records")!));
    }

    [Fact]
    public async Task DatabaseOfAnEarlierVersion_IsBroughtToThisOne()
    {
        await ExecuteAsync("""
            CREATE TABLE records (
                kind    INTEGER NOT NULL,
                id      TEXT    NOT NULL,
                payload BLOB    NOT NULL,
                version INTEGER NOT NULL,
                expires INTEGER,
                PRIMARY KEY (kind, id)
            ) WITHOUT ROWID;
            CREATE INDEX records_by_expiry ON records (expires) WHERE expires IS NOT NULL;

            CREATE TABLE index_entries (
                kind    INTEGER NOT NULL,
                name    TEXT    NOT NULL,
                score   INTEGER NOT NULL,
                id      TEXT    NOT NULL,
                expires INTEGER,
                PRIMARY KEY (kind, name, score, id)
            ) WITHOUT ROWID;
            CREATE INDEX index_entries_by_record ON index_entries (kind, id);
            CREATE INDEX index_entries_by_expiry ON index_entries (expires) WHERE expires IS NOT NULL;

            CREATE TABLE quota_counters (
                owner   TEXT    NOT NULL,
                scope   TEXT    NOT NULL,
                used    INTEGER NOT NULL,
                ends    INTEGER,
                PRIMARY KEY (owner, scope)
            ) WITHOUT ROWID;
            CREATE INDEX quota_counters_by_end ON quota_counters (ends) WHERE ends IS NOT NULL;

            CREATE TABLE quota_leases (
                id      INTEGER PRIMARY KEY AUTOINCREMENT,
                owner   TEXT    NOT NULL,
                scope   TEXT    NOT NULL
            );
            CREATE INDEX quota_leases_by_counter ON quota_leases (owner, scope);

            -- A key's counters end with its record, however that goes: deleted, revoked, rotated or expired. Kind 1 is a Key; its id is the owner.
            CREATE TRIGGER counters_end_with_their_key AFTER DELETE ON records WHEN OLD.kind = 1
            BEGIN
                DELETE FROM quota_leases WHERE owner = OLD.id;
                DELETE FROM quota_counters WHERE owner = OLD.id;
            END;
            INSERT INTO records (kind, id, payload, version, expires) VALUES (1, 'kept', x'0102', 7, NULL), (1, 'gone', x'03', 8, 1), (3, 'app', x'04', 9, NULL);
            INSERT INTO index_entries (kind, name, score, id, expires) VALUES (1, 'all', 5, 'kept', NULL);
            INSERT INTO quota_counters (owner, scope, used, ends) VALUES ('kept', '', 3, NULL), ('app', '', 4, NULL);
            PRAGMA user_version=1;
            """);

        await using var store = new SqliteStore(Path, new FakeTime());

        var kept = await store.Records.GetAsync(new RecordId(RecordKind.Key, "kept"), CancellationToken.None);
        Assert.Equal((7, "0102"), (kept!.Version, Convert.ToHexString(kept.Payload.Span)));
        Assert.Equal(9, (await store.Records.GetAsync(new RecordId(RecordKind.Client, "app"), CancellationToken.None))!.Version);
        Assert.Null(await store.Records.GetAsync(new RecordId(RecordKind.Key, "gone"), CancellationToken.None));
        Assert.Equal(1, (await store.Records.ListAsync(RecordKind.Key, "all", 0, 10, CancellationToken.None)).Total);
        Assert.Equal(3, (await store.Ledger.ReadAsync(new CounterId("kept", ""), CancellationToken.None))!.Used);
        await store.Records.DeleteAsync(new RecordId(RecordKind.Key, "kept"), version: 7, CancellationToken.None);
        Assert.Null(await store.Ledger.ReadAsync(new CounterId("kept", ""), CancellationToken.None));
        Assert.Equal(4, (await store.Ledger.ReadAsync(new CounterId("app", ""), CancellationToken.None))!.Used);
    }

    [Fact]
    public async Task EntriesOfTheVersionBefore_AreStillThoseOfTheirRecords()
    {
        await MakeDatabaseAsync();
        await ExecuteAsync("""
            DROP INDEX index_entries_by_early_expiry;
            ALTER TABLE records DROP COLUMN entries;
            ALTER TABLE index_entries DROP COLUMN early;
            CREATE INDEX index_entries_by_record ON index_entries (kind, id);
            CREATE INDEX index_entries_by_expiry ON index_entries (expires) WHERE expires IS NOT NULL;
            INSERT INTO records (kind, id, payload, version, expires) VALUES (1, 'kept', x'01', 7, 100000000000000), (1, 'gone', x'02', 8, 1);
            INSERT INTO index_entries (kind, name, score, id, expires) VALUES
                (1, 'all', 5, 'kept', 100000000000000), (1, 'of "us"', -1, 'kept', 2), (1, 'all', 6, 'gone', 1), (1, 'all', 7, 'of no record', 1);
            PRAGMA user_version=2;
            """);

        await using var store = new SqliteStore(Path, new FakeTime());

        Assert.Equal(4, await store.CountAsync("index_entries"));
        Assert.Equal(4, await store.Sweeper.SweepAsync(CancellationToken.None));
        Assert.Equal([new IndexPage.Item("kept", 5)], (await store.Records.ListAsync(RecordKind.Key, "all", 0, 10, CancellationToken.None)).Items);
        Assert.True(await store.Records.DeleteAsync(new RecordId(RecordKind.Key, "kept"), version: 7, CancellationToken.None));
        Assert.Equal(0, await store.CountAsync("index_entries"));
    }

    private void ShouldFail(string reason, string remedy)
    {
        var error = Assert.Throws<StoreStartupException>(() => new SqliteDatabase(SqliteStore.OptionsFor(Path)));
        Assert.StartsWith($"The database {Path} cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    // A database of many pages, its write-ahead log folded in.
    private async Task MakeDatabaseAsync()
    {
        await using var store = new SqliteStore(Path, new FakeTime());
        await store.Records.PutAllAsync([.. Enumerable.Range(0, 300).Select(static i => new RecordWrite(new RecordId(RecordKind.Key, $"{i}"), new byte[200]))], CancellationToken.None);
    }

    private void Overwrite(long offset, byte[] content)
    {
        using var file = File.OpenWrite(Path);
        file.Position = offset;
        file.Write(content);
    }

    private async Task ExecuteAsync(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
