namespace EdgeAuth.Storage;

/// <summary>
/// A record's membership of an index. Listings ascend by score, then id; an entry past <see cref="Expires"/> is neither listed nor counted.
/// </summary>
internal sealed record IndexEntry(string Index, long Score, DateTimeOffset? Expires = null);
