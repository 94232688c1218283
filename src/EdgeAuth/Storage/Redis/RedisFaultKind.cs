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

    /// <summary>Redis answered with another error.</summary>
    Answer,
}
