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
        await ExecuteAsync("PRAGMA user_version=2");

        ShouldFail("its schema version is 2, this program knows up to 1", "Run the newer EdgeAuth");
    }

    // Else a start after the repair would be told that another process serves from the file.
    [Fact]
    public async Task FailedStart_LetsGoOfTheFile()
    {
        await MakeDatabaseAsync();
        await ExecuteAsync("PRAGMA user_version=2");
        ShouldFail("schema version", "newer");

        await ExecuteAsync("PRAGMA user_version=1");
        using var database = new SqliteDatabase(SqliteStore.OptionsFor(Path));
        Assert.Equal(300, database.Read(static session => (long)session.Scalar("SELECT count(*) FROM records")!));
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
