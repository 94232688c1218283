namespace EdgeAuth.Storage;

/// <summary>
/// Records by kind and id, with conditional writes and ordered indexes. What a call acknowledged survives a crash of the process.
/// Every member throws <see cref="StoreUnavailableException"/> when the store cannot be asked.
/// </summary>
internal interface IRecordStore
{
    ValueTask<StoredRecord?> GetAsync(RecordId id, CancellationToken cancellationToken);

    /// <summary>Reads several records in one trip; the answer has the order of <paramref name="ids"/>, null where there is none.</summary>
    ValueTask<IReadOnlyList<StoredRecord?>> GetManyAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken);

    /// <summary>Writes if the condition holds. Returns the new version, or null when it does not hold and nothing was written.</summary>
    ValueTask<long?> PutAsync(RecordWrite write, PutCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Writes all if every write's condition holds, in order; false, with nothing written, when one does not. A crash may leave a prefix.
    /// </summary>
    ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellationToken);

    /// <summary>As <see cref="PutAllAsync(IReadOnlyList{RecordWrite}, CancellationToken)"/>, if another record was as it was read at some moment since the call began.</summary>
    ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, RecordWitness witness, CancellationToken cancellationToken);

    /// <summary>Deletes, if the version is the given one when one is given. False when nothing was deleted.</summary>
    ValueTask<bool> DeleteAsync(RecordId id, long? version, CancellationToken cancellationToken);

    ValueTask DeleteAllAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken);

    /// <summary>Reads and deletes in one step: of several callers one gets the record.</summary>
    ValueTask<StoredRecord?> TakeAsync(RecordId id, CancellationToken cancellationToken);

    /// <summary>A slice of an index of one kind, with the exact total of unexpired entries.</summary>
    ValueTask<IndexPage> ListAsync(RecordKind kind, string index, int offset, int count, CancellationToken cancellationToken);
}
