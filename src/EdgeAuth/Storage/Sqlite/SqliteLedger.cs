namespace EdgeAuth.Storage.Sqlite;

/// <summary>
/// Quotas in SQLite. A lease is committed before it is spent, so a crash can only lose permits, never grant some twice; rate windows
/// are counted in the process.
/// </summary>
internal sealed class SqliteLedger(SqliteDatabase database, SqliteWriter writer, RateWindows rates, TimeProvider time) : ILedger
{
    private const string ReadCounter = "SELECT used, ends FROM quota_counters WHERE owner = $0 AND scope = $1 AND (ends IS NULL OR ends > $2)";

    public RateWindows? LocalRates => rates;

    public IRateLedger? SharedRates => null;

    public async ValueTask<QuotaGrant> LeaseAsync(QuotaDemand demand, CancellationToken cancellationToken) =>
        await writer.WriteAsync(durable: false, session => Lease(session, demand), cancellationToken);

    public async ValueTask ReturnAsync(CounterId counter, QuotaReturn returned, CancellationToken cancellationToken) =>
        await writer.WriteAsync(durable: false, session => TakeBack(session, counter, returned), cancellationToken);

    public ValueTask<QuotaReading?> ReadAsync(CounterId counter, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new(database.Read(session => Read(session, counter, now)));
    }

    public async ValueTask ResetAsync(string owner, CancellationToken cancellationToken) =>
        await writer.WriteAsync(
            durable: true,
            session =>
            {
                session.Execute("DELETE FROM quota_leases WHERE owner = $0", owner);
                return session.Execute("DELETE FROM quota_counters WHERE owner = $0", owner);
            },
            cancellationToken);

    private QuotaGrant Lease(SqliteSession session, QuotaDemand demand)
    {
        var known = demand.Return is { } returned && TakeBack(session, demand.Counter, returned);
        var now = time.GetUtcNow();
        var running = Read(session, demand.Counter, now.ToUnixTimeMilliseconds());
        var continues = known && running is not null;
        var counter = running ?? Start(session, demand, now);
        var left = Math.Max(0, demand.Maximum - counter.Used);
        var granted = left == 0 ? 0 : Math.Min(Math.Max(1, demand.Wanted), Math.Max(1, left / 10));
        var used = counter.Used + granted;
        var lease = 0L;
        if (granted > 0 || continues)
        {
            session.Execute("UPDATE quota_counters SET used = $2 WHERE owner = $0 AND scope = $1", demand.Counter.Owner, demand.Counter.Scope, used);
            session.Execute("INSERT INTO quota_leases (owner, scope) VALUES ($0, $1)", demand.Counter.Owner, demand.Counter.Scope);
            lease = (long)session.Scalar("SELECT last_insert_rowid()")!;
        }

        return new QuotaGrant(lease, granted, used, counter.PeriodEnds, counter.PeriodEnds - now, continues);
    }

    // The row of a lease goes with its period and with a reset, so a late return finds nothing to give back to.
    private static bool TakeBack(SqliteSession session, CounterId counter, QuotaReturn returned)
    {
        var known = session.Execute(
            "DELETE FROM quota_leases WHERE id = $0 AND owner = $1 AND scope = $2", returned.LeaseId, counter.Owner, counter.Scope) > 0;
        if (known && returned.Unspent > 0)
        {
            session.Execute(
                "UPDATE quota_counters SET used = used - $2 WHERE owner = $0 AND scope = $1", counter.Owner, counter.Scope, returned.Unspent);
        }

        return known;
    }

    private static QuotaReading Start(SqliteSession session, QuotaDemand demand, DateTimeOffset now)
    {
        var ends = RoundUp(now + demand.Period);
        session.Execute("DELETE FROM quota_leases WHERE owner = $0 AND scope = $1", demand.Counter.Owner, demand.Counter.Scope);
        session.Execute(
            "INSERT OR REPLACE INTO quota_counters (owner, scope, used, ends) VALUES ($0, $1, 0, $2)",
            demand.Counter.Owner, demand.Counter.Scope, ends?.ToUnixTimeMilliseconds());
        return new QuotaReading(0, ends);
    }

    // Ends are kept in whole milliseconds: the first grant must name the instant that later answers name, or its lease outlives the period.
    private static DateTimeOffset? RoundUp(DateTimeOffset? instant) =>
        instant is { } exact ? DateTimeOffset.FromUnixTimeMilliseconds(exact.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds()) : null;

    private static QuotaReading? Read(SqliteSession session, CounterId counter, long now)
    {
        var rows = session.Query(
            ReadCounter,
            static row => new QuotaReading(row.GetInt64(0), row.IsDBNull(1) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
            counter.Owner, counter.Scope, now);
        return rows.Count == 0 ? null : rows[0];
    }
}
