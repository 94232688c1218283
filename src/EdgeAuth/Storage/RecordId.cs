namespace EdgeAuth.Storage;

/// <summary>The address of a record: its kind and an id that is unique within the kind.</summary>
internal readonly record struct RecordId(RecordKind Kind, string Id);
