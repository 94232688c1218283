namespace EdgeAuth.Storage;

/// <summary>A record as read: opaque payload, and the version that a conditional write names.</summary>
internal sealed record StoredRecord(RecordId Id, ReadOnlyMemory<byte> Payload, long Version, DateTimeOffset? Expires);
