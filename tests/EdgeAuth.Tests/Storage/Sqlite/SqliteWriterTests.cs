using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Storage.Sqlite;

public sealed class SqliteWriterTests : IDisposable
{
    private const int SyncNormal = 1;
    private const int SyncFull = 2;
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("edgeauth.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FaultyWork_UndoesItselfOnly_WithinAGroup()
    {
        await using var store = new SqliteStore(Path, new FakeTime());
        using var gate = new Gate(store.Writer);
        var before = InsertAsync(store.Writer, "before");
        var faulty = store.Writer.WriteAsync<int>(
            durable: true,
            session =>
            {
                Insert(session, "half");
                throw new InvalidOperationException("faulty work");
            },
            CancellationToken.None);
        var broken = store.Writer.WriteAsync(
            durable: true,
            session =>
            {
                Insert(session, "other half");
                return Insert(session, "before");
            },
            CancellationToken.None);
        var after = InsertAsync(store.Writer, "after");

        await gate.OpenAsync();

        await Task.WhenAll(before, after);
        Assert.Equal("faulty work", (await Assert.ThrowsAsync<InvalidOperationException>(() => faulty)).Message);
        await Assert.ThrowsAsync<SqliteException>(() => broken);
        Assert.Equal(["after", "before"], await IdsAsync(store.Writer));
    }

    [Fact]
    public async Task GroupWithDurableWork_IsSyncedToDisk_AndOneWithoutIsNot()
    {
        await using var store = new SqliteStore(Path, new FakeTime());
        Assert.Equal(SyncNormal, await SyncAsync(store.Writer, durable: false));
        Assert.Equal(SyncFull, await SyncAsync(store.Writer, durable: true));
        Assert.Equal(SyncNormal, await SyncAsync(store.Writer, durable: false));

        using var gate = new Gate(store.Writer);
        var first = SyncAsync(store.Writer, durable: false);
        var second = SyncAsync(store.Writer, durable: true);
        await gate.OpenAsync();

        Assert.Equal(SyncFull, await first);
        Assert.Equal(SyncFull, await second);
    }

    // The files as they stand while the process lives are what kill -9 leaves.
    [Fact]
    public async Task AcknowledgedWork_IsInTheFiles_WhenTheProcessDies()
    {
        await using var store = new SqliteStore(Path, new FakeTime());
        using var gate = new Gate(store.Writer);
        var acknowledged = Enumerable.Range(0, 20).Select(i => InsertAsync(store.Writer, $"{i:D2}", durable: i % 2 == 0)).ToList();
        await gate.OpenAsync();
        await Task.WhenAll(acknowledged);

        using var dead = new TempFolder();
        foreach (var suffix in new[] { "", "-wal" })
        {
            File.Copy(Path + suffix, dead.File("edgeauth.db" + suffix));
        }

        await using var reopened = new SqliteStore(dead.File("edgeauth.db"), new FakeTime());
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"{i:D2}"), await IdsAsync(reopened.Writer));
    }

    [Fact]
    public async Task Work_IsDoneInTheOrderItCame()
    {
        await using var store = new SqliteStore(Path, new FakeTime());
        using var gate = new Gate(store.Writer);
        var order = new List<int>();
        var work = Enumerable.Range(0, 700).Select(i => store.Writer.WriteAsync(
            durable: false,
            _ =>
            {
                order.Add(i);
                return i;
            },
            CancellationToken.None)).ToList();

        await gate.OpenAsync();

        Assert.Equal(Enumerable.Range(0, 700), await Task.WhenAll(work));
        Assert.Equal(Enumerable.Range(0, 700), order);
    }

    [Fact]
    public async Task TroubleWithTheFile_IsToldAsUnavailable_AndPassesByItself()
    {
        using var logs = new RecordingLogger();
        using var factory = new LoggerFactory([logs]);
        using var database = new SqliteDatabase(SqliteStore.OptionsFor(Path));
        await using var writer = new SqliteWriter(database, new SqliteMetrics(new TestMeters()), factory.CreateLogger<SqliteWriter>());
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await other.OpenAsync();
            using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE";
            await hold.ExecuteNonQueryAsync();

            var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => InsertAsync(writer, "a"));
            Assert.Contains("could not be written", error.Message, StringComparison.Ordinal);
        }

        await InsertAsync(writer, "b");
        Assert.Equal(["b"], await IdsAsync(writer));
        Assert.Single(logs.Lines, static line => line.Level == LogLevel.Error);
        Assert.Single(logs.Lines, static line => line.Text.Contains("can be written again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Closing_FinishesWhatWasQueued_AndRefusesWhatComesLater()
    {
        var store = new SqliteStore(Path, new FakeTime());
        var gate = new Gate(store.Writer);
        var queued = InsertAsync(store.Writer, "queued");

        var closing = store.DisposeAsync().AsTask();
        await gate.OpenAsync();
        gate.Dispose();
        await closing;

        await queued;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => InsertAsync(store.Writer, "late"));
        await using var reopened = new SqliteStore(Path, new FakeTime());
        Assert.Equal(["queued"], await IdsAsync(reopened.Writer));
    }

    private static Task<int> InsertAsync(SqliteWriter writer, string id, bool durable = true) =>
        writer.WriteAsync(durable, session => Insert(session, id), CancellationToken.None);

    private static int Insert(SqliteSession session, string id) =>
        session.Execute("INSERT INTO records (kind, id, payload, version) VALUES (1, $0, x'00', 1)", id);

    private static Task<List<string>> IdsAsync(SqliteWriter writer) =>
        writer.WriteAsync(durable: false, static session => session.Query("SELECT id FROM records ORDER BY id", static row => row.GetString(0)), CancellationToken.None);

    private static Task<long> SyncAsync(SqliteWriter writer, bool durable) =>
        writer.WriteAsync(durable, static session => (long)session.Scalar("PRAGMA synchronous")!, CancellationToken.None);

    /// <summary>Holds the writer, so that what is queued meanwhile becomes one group.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private readonly Task _held;

        public Gate(SqliteWriter writer)
        {
            using var reached = new ManualResetEventSlim();
            _held = writer.WriteAsync(
                durable: false,
                _ =>
                {
                    reached.Set();
                    return _open.Wait(TimeSpan.FromSeconds(20));
                },
                CancellationToken.None);
            Assert.True(reached.Wait(TimeSpan.FromSeconds(20)));
        }

        public Task OpenAsync()
        {
            _open.Set();
            return _held;
        }

        public void Dispose() => _open.Dispose();
    }
}
