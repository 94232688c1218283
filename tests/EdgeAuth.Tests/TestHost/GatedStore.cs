using System.Collections.Concurrent;
using EdgeAuth.Storage;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A record store that tells what was read, and whose calls can be held up, so that a test decides how two requests interleave.</summary>
internal sealed class GatedStore(IRecordStore inner) : IRecordStore
{
    /// <summary>A gateway on such a store.</summary>
    public static async Task<(TestGateway Gateway, GatedStore Store)> StartGatewayAsync(Action<GatewaySetup>? setup = null)
    {
        GatedStore store = null!;
        var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream), Definitions.Keys("stock", upstream)],
            options =>
            {
                options.Store = inner => store = new GatedStore(inner);
                setup?.Invoke(options);
            });
        return (gateway, store);
    }

    /// <summary>The records read, in order.</summary>
    public ConcurrentQueue<RecordId> Reads { get; } = new();

    /// <summary>Runs before a record is read, on the thread of the reader.</summary>
    public Func<RecordId, Task> BeforeRead { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs after a record was read and before its reader has it.</summary>
    public Func<RecordId, Task> AfterRead { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs before records are written; gets their kinds.</summary>
    public Func<RecordKind[], Task> BeforeWrite { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs before records are deleted; gets their kinds.</summary>
    public Func<RecordKind[], Task> BeforeDelete { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Runs before a record is taken or an index is listed.</summary>
    public Func<Task> BeforeRest { get; set; } = static () => Task.CompletedTask;

    public async ValueTask<StoredRecord?> GetAsync(RecordId id, CancellationToken cancellationToken)
    {
        Reads.Enqueue(id);
        await BeforeRead(id);
        var found = await inner.GetAsync(id, cancellationToken);
        await AfterRead(id);
        return found;
    }

    public async ValueTask<IReadOnlyList<StoredRecord?>> GetManyAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            Reads.Enqueue(id);
            await BeforeRead(id);
        }

        var found = await inner.GetManyAsync(ids, cancellationToken);
        foreach (var id in ids)
        {
            await AfterRead(id);
        }

        return found;
    }

    public async ValueTask<long?> PutAsync(RecordWrite write, PutCondition condition, CancellationToken cancellationToken)
    {
        await BeforeWrite([write.Id.Kind]);
        return await inner.PutAsync(write, condition, cancellationToken);
    }

    public async ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellationToken)
    {
        await BeforeWrite([.. writes.Select(static write => write.Id.Kind)]);
        return await inner.PutAllAsync(writes, cancellationToken);
    }

    public async ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, RecordWitness witness, CancellationToken cancellationToken)
    {
        await BeforeWrite([.. writes.Select(static write => write.Id.Kind)]);
        return await inner.PutAllAsync(writes, witness, cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(RecordId id, long? version, CancellationToken cancellationToken)
    {
        await BeforeDelete([id.Kind]);
        return await inner.DeleteAsync(id, version, cancellationToken);
    }

    public async ValueTask DeleteAllAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken)
    {
        await BeforeDelete([.. ids.Select(static id => id.Kind)]);
        await inner.DeleteAllAsync(ids, cancellationToken);
    }

    public async ValueTask<StoredRecord?> TakeAsync(RecordId id, CancellationToken cancellationToken)
    {
        await BeforeRest();
        return await inner.TakeAsync(id, cancellationToken);
    }

    public async ValueTask<IndexPage> ListAsync(RecordKind kind, string index, int offset, int count, CancellationToken cancellationToken)
    {
        await BeforeRest();
        return await inner.ListAsync(kind, index, offset, count, cancellationToken);
    }
}
