using System.Collections.Concurrent;
using EdgeAuth.Storage;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A record store that keeps what was read from it, and that can hold the reads up or fail them.</summary>
internal sealed class WatchedRecords(IRecordStore inner) : IRecordStore
{
    /// <summary>The records read, in order.</summary>
    public ConcurrentQueue<RecordId> Reads { get; } = new();

    /// <summary>Runs before a read reaches the store.</summary>
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    /// <summary>Runs before what was read reaches the caller.</summary>
    public Func<Task> After { get; set; } = static () => Task.CompletedTask;

    public async ValueTask<StoredRecord?> GetAsync(RecordId id, CancellationToken cancellationToken)
    {
        Reads.Enqueue(id);
        await Before();
        var record = await inner.GetAsync(id, cancellationToken);
        await After();
        return record;
    }

    public async ValueTask<IReadOnlyList<StoredRecord?>> GetManyAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            Reads.Enqueue(id);
        }

        await Before();
        var records = await inner.GetManyAsync(ids, cancellationToken);
        await After();
        return records;
    }

    public ValueTask<long?> PutAsync(RecordWrite write, PutCondition condition, CancellationToken cancellationToken) => inner.PutAsync(write, condition, cancellationToken);

    public ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellationToken) => inner.PutAllAsync(writes, cancellationToken);

    public ValueTask<bool> DeleteAsync(RecordId id, long? version, CancellationToken cancellationToken) => inner.DeleteAsync(id, version, cancellationToken);

    public ValueTask DeleteAllAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken) => inner.DeleteAllAsync(ids, cancellationToken);

    public ValueTask<StoredRecord?> TakeAsync(RecordId id, CancellationToken cancellationToken) => inner.TakeAsync(id, cancellationToken);

    public ValueTask<IndexPage> ListAsync(RecordKind kind, string index, int offset, int count, CancellationToken cancellationToken) => inner.ListAsync(kind, index, offset, count, cancellationToken);
}
