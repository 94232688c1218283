using System.Diagnostics.Metrics;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>What the one writer does.</summary>
internal sealed class SqliteMetrics
{
    public const string MeterName = "EdgeAuth.Storage";

    private readonly Counter<long> _writes;
    private readonly Counter<long> _groups;

    public SqliteMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _writes = meter.CreateCounter<long>("edgeauth.storage.writes", "{write}", "Pieces of work committed or failed, by outcome.");
        _groups = meter.CreateCounter<long>("edgeauth.storage.commits", "{commit}", "Groups committed, by whether they were synced to disk.");
    }

    public void Committed(int writes, bool synced)
    {
        _writes.Add(writes, new KeyValuePair<string, object?>("outcome", "committed"));
        _groups.Add(1, new KeyValuePair<string, object?>("synced", synced));
    }

    public void Failed(int writes) => _writes.Add(writes, new KeyValuePair<string, object?>("outcome", "failed"));
}
