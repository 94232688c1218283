namespace EdgeAuth.Storage.Redis;

/// <summary>What a call does to Redis. A read is tried a second time where the first failed; a write is not sent to a Redis that refuses writes.</summary>
internal enum RedisUse
{
    Read,
    Write,
}
