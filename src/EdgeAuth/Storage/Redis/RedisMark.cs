namespace EdgeAuth.Storage.Redis;

/// <summary>What has the sweeper look at a record: set before index entries change, taken back after.</summary>
/// <param name="Id">The record.</param>
/// <param name="Member">How it is put down; no other change has the same.</param>
internal sealed record RedisMark(RecordId Id, string Member);
