using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The embedded store over a file, as one process holds it.</summary>
internal sealed class SqliteStore : IAsyncDisposable
{
    public SqliteStore(string path, TimeProvider time)
    {
        Database = new SqliteDatabase(OptionsFor(path));
        Writer = new SqliteWriter(Database, new SqliteMetrics(new TestMeters()), NullLogger<SqliteWriter>.Instance);
        Records = new SqliteRecordStore(Database, Writer, time);
        Ledger = new SqliteLedger(Database, Writer, new RateWindows(time), time);
        Sweeper = new SqliteSweeper(Writer, time, NullLogger<SqliteSweeper>.Instance);
    }

    public SqliteDatabase Database { get; }

    public SqliteWriter Writer { get; }

    public SqliteRecordStore Records { get; }

    public SqliteLedger Ledger { get; }

    public SqliteSweeper Sweeper { get; }

    public static IOptions<StorageOptions> OptionsFor(string path) => Options.Create(new StorageOptions { Sqlite = new SqliteOptions { Path = path } });

    /// <summary>A part of a store in a directory of its own, for the contract tests.</summary>
    public static Task<Opened<T>> OpenAsync<T>(TimeProvider time, Func<SqliteStore, T> part)
    {
        var folder = new TempFolder();
        var store = new SqliteStore(folder.File("edgeauth.db"), time);
        return Task.FromResult(new Opened<T>(part(store), async () =>
        {
            await store.DisposeAsync();
            folder.Dispose();
        }));
    }

    /// <summary>How many rows a table holds, expired ones too.</summary>
    public Task<long> CountAsync(string table) =>
        Writer.WriteAsync(durable: false, session => (long)session.Scalar($"SELECT count(*) FROM {table}")!, CancellationToken.None);

    /// <summary>Ends as a process that is killed does, apart from closing the file: nothing is returned to the ledger.</summary>
    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        Database.Dispose();
        Sweeper.Dispose();
    }
}
