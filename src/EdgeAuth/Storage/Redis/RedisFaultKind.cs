namespace EdgeAuth.Storage.Redis;

/// <summary>The sorts of trouble with Redis.</summary>
internal enum RedisFaultKind
{
    /// <summary>There is no connection, or one to a Redis that cannot be used now.</summary>
    Connection,

    /// <summary>No answer came in time. What was asked for may have happened.</summary>
    Timeout,

    /// <summary>Redis refuses to write, and would read.</summary>
    WriteRefused,

    /// <summary>Redis refuses to write because it may not be the master any more: what it would read may be outdated.</summary>
    Deposed,

    /// <summary>Redis answered with another error.</summary>
    Answer,
}
