namespace EdgeAuth.Storage.Redis;

/// <summary>How the sweeper found a record.</summary>
/// <param name="Begun">Refused: there is none; Done: nothing is wrong with it.</param>
/// <param name="Lock">The lock under which its entries are to be put right.</param>
/// <param name="Lives">Whether it is to be kept.</param>
internal sealed record RedisVisit(RedisBegun Begun, RedisLock? Lock = null, bool Lives = false);
