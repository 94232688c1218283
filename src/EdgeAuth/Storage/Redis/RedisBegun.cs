namespace EdgeAuth.Storage.Redis;

/// <summary>What came of beginning to change a record.</summary>
internal enum RedisBegun
{
    /// <summary>The condition does not hold, or there is no such record. Nothing was changed.</summary>
    Refused,

    /// <summary>Another holds the lock. Nothing was changed.</summary>
    Busy,

    /// <summary>It is done already.</summary>
    Done,

    /// <summary>The record is locked; its index entries are to be changed.</summary>
    Locked,
}
