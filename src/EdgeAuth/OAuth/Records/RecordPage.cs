namespace EdgeAuth.OAuth.Records;

/// <summary>A slice of token records, oldest first, and the exact number of all that match.</summary>
internal sealed record RecordPage(IReadOnlyList<TokenRecord> Records, long Total);
