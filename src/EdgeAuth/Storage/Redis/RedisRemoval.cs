namespace EdgeAuth.Storage.Redis;

/// <summary>What came of removing a record.</summary>
/// <param name="Begun">How far it went.</param>
/// <param name="Record">The record that was removed, expired or not; null where only what was left of one was there.</param>
/// <param name="Lock">The lock under which its entries are to be removed.</param>
internal sealed record RedisRemoval(RedisBegun Begun, StoredRecord? Record = null, RedisLock? Lock = null);
