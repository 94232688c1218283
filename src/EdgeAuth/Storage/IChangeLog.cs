namespace EdgeAuth.Storage;

/// <summary>The capped log of changes to stored Keys, Grants, Clients and sessions of organisations, from which every node learns what to drop from its caches.</summary>
internal interface IChangeLog
{
    /// <summary>
    /// Appends after the write and before its acknowledgement. Returns the position of the last change given; the others stand right before it.
    /// </summary>
    ValueTask<long> AppendAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken);

    /// <summary>What was appended after a position, in order.</summary>
    ValueTask<ChangePage> ReadAsync(long after, CancellationToken cancellationToken);

    /// <summary>Begins a new epoch, unless another than the one seen has begun already.</summary>
    ValueTask RaiseEpochAsync(string seen, CancellationToken cancellationToken);

    /// <summary>A hint that there may be news. It may come for nothing, late, or not at all.</summary>
    event EventHandler? Appended;
}
