using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>
/// The one writer. Work that waits is committed as a group; where a piece is faulty the group is done once more, each piece under a savepoint of its own, so
/// that it undoes only itself. A group that carries a durable piece is synced to disk before any of it is acknowledged, the others survive a crash of the
/// process but not of the machine.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private const int LargestGroup = 512;
    private const int Constraint = 19;

    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(16 * 1024) { SingleReader = true });
    private readonly SqliteSession _session;
    private readonly SqliteMetrics _metrics;
    private readonly ILogger<SqliteWriter> _logger;
    private readonly Task _loop;
    private bool _syncing = true;
    private bool _failing;

    public SqliteWriter(SqliteDatabase database, SqliteMetrics metrics, ILogger<SqliteWriter> logger)
    {
        (_metrics, _logger) = (metrics, logger);
        _session = database.OpenWriter();
        _session.Execute("PRAGMA synchronous=FULL");
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Runs a piece of work inside the next group and returns its result once the group is committed. It may be run twice, the first time undone.</summary>
    public async Task<T> WriteAsync<T>(bool durable, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var job = new Job<T>(durable, work);
        try
        {
            await _jobs.Writer.WriteAsync(job, cancellationToken);
        }
        catch (ChannelClosedException error)
        {
            throw new StoreUnavailableException("The database is closing.", error);
        }

        // Once queued the work happens whether or not the caller still waits, so the outcome is always awaited.
        return await job.Outcome;
    }

    public async ValueTask DisposeAsync()
    {
        if (_jobs.Writer.TryComplete())
        {
            await _loop;
            _session.Dispose();
        }
    }

    private async Task RunAsync()
    {
        var group = new List<Job>(LargestGroup);
        while (await _jobs.Reader.WaitToReadAsync())
        {
            while (group.Count < LargestGroup && _jobs.Reader.TryRead(out var job))
            {
                group.Add(job);
            }

            Commit(group);
            group.Clear();
        }
    }

    private void Commit(List<Job> group)
    {
        try
        {
            Sync(group.Exists(static job => job.Durable));
            _session.Execute("BEGIN IMMEDIATE");
            if (!TryRun(group))
            {
                _session.Execute("ROLLBACK");
                _session.Execute("BEGIN IMMEDIATE");
                group.ForEach(RunInSavepoint);
            }

            _session.Execute("COMMIT");
        }
        catch (SqliteException error)
        {
            Fail(group, error);
            return;
        }

        _metrics.Committed(group.Count, _syncing);
        if (_failing)
        {
            _failing = false;
            Log.Recovered(_logger);
        }

        foreach (var job in group)
        {
            job.Acknowledge();
        }
    }

    // Hardly any piece is ever faulty, and a savepoint has every page copied that a piece changes.
    private bool TryRun(List<Job> group)
    {
        try
        {
            foreach (var job in group)
            {
                job.Run(_session);
            }

            return true;
        }
        catch (Exception error) when (error is not SqliteException { SqliteErrorCode: not Constraint })
        {
            return false;
        }
    }

    private void RunInSavepoint(Job job)
    {
        _session.Execute("SAVEPOINT piece");
        try
        {
            job.Run(_session);
            _session.Execute("RELEASE piece");
        }
        catch (Exception error) when (error is not SqliteException { SqliteErrorCode: not Constraint })
        {
            // A broken constraint or a fault of the work itself undoes only this piece; trouble with the file ends the group.
            _session.Execute("ROLLBACK TO piece");
            _session.Execute("RELEASE piece");
            job.Fault(error);
        }
    }

    private void Fail(List<Job> group, SqliteException error)
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The failure ended the transaction already.
        }

        _metrics.Failed(group.Count);
        if (!_failing)
        {
            _failing = true;
            Log.Failed(_logger, error);
        }

        foreach (var job in group)
        {
            job.Fault(new StoreUnavailableException("The database could not be written: " + error.Message, error));
        }
    }

    private void Sync(bool durable)
    {
        if (durable != _syncing)
        {
            _session.Execute(durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
            _syncing = durable;
        }
    }

    private abstract class Job(bool durable)
    {
        public bool Durable { get; } = durable;

        public abstract void Run(SqliteSession session);

        public abstract void Acknowledge();

        public abstract void Fault(Exception error);
    }

    private sealed class Job<T>(bool durable, Func<SqliteSession, T> work) : Job(durable)
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Outcome => _outcome.Task;

        public override void Run(SqliteSession session) => _result = work(session);

        public override void Acknowledge() => _outcome.TrySetResult(_result);

        public override void Fault(Exception error) => _outcome.TrySetException(error);
    }

    private static partial class Log
    {
        [LoggerMessage(700, LogLevel.Error, "The database cannot be written; calls that need it are refused until it can", EventName = "StoreWriteFailed")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(701, LogLevel.Information, "The database can be written again", EventName = "StoreWriteRecovered")]
        public static partial void Recovered(ILogger logger);
    }
}
