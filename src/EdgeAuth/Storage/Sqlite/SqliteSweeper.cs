using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>Removes what has expired, in small bites so that the writer is never held up for long.</summary>
internal sealed partial class SqliteSweeper(SqliteWriter writer, TimeProvider time, ILogger<SqliteSweeper> logger) : BackgroundService
{
    private const int Bite = 500;

    // A record takes its index entries with it.
    private const int RecordBite = 100;

    private static readonly string[] Statements =
    [
        "DELETE FROM index_entries WHERE (kind, name, score, id) IN (SELECT kind, name, score, id FROM index_entries WHERE early = 1 AND expires <= $0 LIMIT $1)",
        "DELETE FROM quota_leases WHERE id IN (SELECT l.id FROM quota_leases l JOIN quota_counters c USING (owner, scope) WHERE c.ends <= $0 LIMIT $1)",
        "DELETE FROM quota_counters WHERE (owner, scope) IN (SELECT owner, scope FROM quota_counters WHERE ends <= $0 LIMIT $1)",
    ];

    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Removes everything that has expired by now and returns how many rows went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var total = await SweepRecordsAsync(now, cancellationToken);
        foreach (var statement in Statements)
        {
            total += await SweepAsync(statement, now, cancellationToken);
        }

        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (StoreUnavailableException error)
            {
                Log.SweepFailed(logger, error);
            }
        }
    }

    private async Task<int> SweepRecordsAsync(long now, CancellationToken cancellationToken)
    {
        var total = 0;
        (int Records, int Rows) removed;
        do
        {
            removed = await writer.WriteAsync(durable: false, session => SqliteRecordTables.Sweep(session, now, RecordBite), cancellationToken);
            total += removed.Rows;
        }
        while (removed.Records == RecordBite);

        return total;
    }

    private async Task<int> SweepAsync(string statement, long now, CancellationToken cancellationToken)
    {
        var total = 0;
        int removed;
        do
        {
            removed = await writer.WriteAsync(durable: false, session => session.Execute(statement, now, Bite), cancellationToken);
            total += removed;
        }
        while (removed == Bite);

        return total;
    }

    private static partial class Log
    {
        [LoggerMessage(702, LogLevel.Warning, "Expired records could not be removed; the next sweep tries again", EventName = "StoreSweepFailed")]
        public static partial void SweepFailed(ILogger logger, Exception error);
    }
}
