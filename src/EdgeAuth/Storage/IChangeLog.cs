namespace EdgeAuth.Storage;

/// <summary>The capped log of changes to stored Keys, Grants, Clients and sessions of organisations, from which every node learns what to drop from its caches.</summary>
internal interface IChangeLog
{
    /// <summary>
    /// Appends after the write and before its acknowledgement. Returns the position of the last change given; the others stand right before it.
    /// </summary>
    ValueTask<long> AppendAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken);

    /// <summary>Raised, on any thread, when something may have been appended, by whichever node. A hint only: it may be missing, or come late.</summary>
    event EventHandler? Appended;

    /// <summary>What was appended after a position, in order.</summary>
    ValueTask<ChangePage> ReadAsync(long after, CancellationToken cancellationToken);

    /// <summary>Gives the log a new epoch, so that every reader drops what it knows; unless the epoch is another already than the one seen.</summary>
    ValueTask RaiseEpochAsync(string seen, CancellationToken cancellationToken);
}
