namespace EdgeAuth.Storage;

/// <summary>A record that a write follows from: it must still have the version that was read.</summary>
internal readonly record struct RecordWitness(RecordId Id, long Version);
