using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>
/// The database file: opened once per process under a lock file, checked, and brought to the schema's version.
/// Opening throws <see cref="StoreStartupException"/> when the file cannot be used.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int SchemaVersion = 3;
    private const int WriterCacheKiB = 64 * 1024;
    private const int LogPages = 8 * 1024;
    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;

    // A full check of a larger file would hold up the start; damage found later fails the calls that meet it.
    private const long LargestCheckedFile = 256L * 1024 * 1024;

    private readonly string _path;
    private readonly ConcurrentBag<SqliteSession> _idleReaders = [];
    private readonly FileStream? _lock;
    private bool _disposed;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    public SqliteDatabase(IOptions<StorageOptions> options)
    {
        _path = Path.GetFullPath(options.Value.Sqlite.Path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _lock = TakeLock();
            CreatePrivate();
            Prepare();
        }
        catch (Exception error)
        {
            _lock?.Dispose();
            if (Explain(error) is { } reason)
            {
                throw new StoreStartupException($"The database {_path} cannot be used: {reason}", error);
            }

            throw;
        }
    }

    public string FilePath => _path;

    /// <summary>A connection for writing. There is one writer.</summary>
    public SqliteSession OpenWriter()
    {
        var session = Open(SqliteOpenMode.ReadWriteCreate);

        // Pages that every write touches stay in memory, and are folded back once for many writes. What undoes a statement needs no file.
        session.Execute($"PRAGMA cache_size=-{WriterCacheKiB}");
        session.Execute("PRAGMA temp_store=MEMORY");
        session.Scalar($"PRAGMA wal_autocheckpoint={LogPages}");
        return session;
    }

    /// <summary>Runs a read on a snapshot. Storage trouble becomes <see cref="StoreUnavailableException"/>.</summary>
    public T Read<T>(Func<SqliteSession, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SqliteSession? session = null;
        try
        {
            session = _idleReaders.TryTake(out var idle) ? idle : OpenReader();
            var result = read(session);
            _idleReaders.Add(session);
            return result;
        }
        catch (SqliteException error)
        {
            session?.Dispose();
            throw new StoreUnavailableException("The database could not be read: " + error.Message, error);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idleReaders.TryTake(out var session))
        {
            session.Dispose();
        }

        SqliteConnection.ClearAllPools();
        _lock?.Dispose();
    }

    private SqliteSession OpenReader()
    {
        var session = Open(SqliteOpenMode.ReadWrite);
        session.Execute("PRAGMA query_only=ON");
        return session;
    }

    private SqliteSession Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 2,
        }.ToString());
        try
        {
            connection.Open();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Two processes on one file would each spend the same quota and never hear of the other's revocations.
    private FileStream TakeLock()
    {
        var path = _path + ".lock";
        try
        {
            return new FileStream(path, Private(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StoreStartupException(
                $"The database {_path} cannot be used: another process serves from it (lock file {path}). Stop it, or give this one another EdgeAuth:Storage:Sqlite:Path.", error);
        }
    }

    // The journals take the permissions of the database.
    private void CreatePrivate()
    {
        if (!Path.Exists(_path))
        {
            new FileStream(_path, Private(FileMode.OpenOrCreate, FileShare.Read)).Dispose();
        }
    }

    // For its owner only, where it is created.
    private static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private void Prepare()
    {
        using var session = OpenWriter();
        if (new FileInfo(_path).Length is > 0 and <= LargestCheckedFile && session.Scalar("PRAGMA quick_check(1)") is string verdict and not "ok")
        {
            throw new StoreStartupException($"The database {_path} cannot be used: it is damaged ({verdict}). Restore it from a backup.");
        }

        session.Scalar("PRAGMA journal_mode=WAL");
        session.Execute("PRAGMA synchronous=FULL");
        session.Execute("BEGIN IMMEDIATE");
        var version = (long)session.Scalar("PRAGMA user_version")!;
        if (version > SchemaVersion)
        {
            throw new StoreStartupException(
                $"The database {_path} cannot be used: its schema version is {version}, this program knows up to {SchemaVersion}. Run the newer EdgeAuth that wrote it.");
        }

        if (version == 0)
        {
            session.Execute(ReadScript("schema.sql"));
            version = SchemaVersion;
        }

        for (; version < SchemaVersion; version++)
        {
            session.Execute(ReadScript($"schema-from-{version}.sql"));
        }

        // A lease that outlived its process will never be returned. This write also proves that the file can be written.
        session.Execute("DELETE FROM quota_leases");
        session.Execute($"PRAGMA user_version={SchemaVersion}");
        session.Execute("COMMIT");
    }

    private static string ReadScript(string name)
    {
        using var stream = typeof(SqliteDatabase).Assembly.GetManifestResourceStream("EdgeAuth.Storage.Sqlite." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string? Explain(Exception error) => error switch
    {
        StoreStartupException => null,
        SqliteException { SqliteErrorCode: NotADatabase } => "it is not a SQLite database, or its header is damaged. Restore it from a backup, or move it away to start empty.",
        SqliteException { SqliteErrorCode: Corrupt } => "it is damaged. Restore it from a backup.",
        SqliteException { SqliteErrorCode: Busy or Locked } => "another process holds a lock on it. Close that process and start again.",
        SqliteException { SqliteErrorCode: ReadOnly } => "it is read-only. Give this user write permission on the file and its directory.",
        SqliteException other => other.Message.TrimEnd('.') + ". Check that the path is a writable file.",
        UnauthorizedAccessException => "this user may not write it. Give it write permission on the file and its directory.",
        IOException other => other.Message,
        _ => null,
    };
}
