namespace EdgeAuth.Storage.Redis;

/// <summary>A record that the sweeper must look at: it has expired, or a change of its index entries began long ago and has not ended.</summary>
/// <param name="Id">The record.</param>
/// <param name="Member">How it is put down.</param>
/// <param name="Score">Since when, as Redis wrote it.</param>
/// <param name="IsMark">Whether it is a change that is due, and not an expiry.</param>
internal sealed record RedisDueRecord(RecordId Id, string Member, string Score, bool IsMark);
