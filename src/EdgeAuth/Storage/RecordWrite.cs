namespace EdgeAuth.Storage;

/// <summary>A record to be stored whole: the payload and index entries replace what was there.</summary>
internal sealed record RecordWrite(RecordId Id, ReadOnlyMemory<byte> Payload)
{
    /// <summary>From this instant on the record reads as absent; null keeps it for ever.</summary>
    public DateTimeOffset? Expires { get; init; }

    public IReadOnlyList<IndexEntry> Index { get; init; } = [];

    /// <summary>What must hold where several records are put as one.</summary>
    public PutCondition Condition { get; init; }
}
