using System.Globalization;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// The names of all keys; docs/redis.md describes them. Each has exactly one hash tag, by which Redis Cluster places it: what one script touches
/// has the same.
/// </summary>
internal sealed class RedisKeyspace(string prefix)
{
    /// <summary>Over how many keys the times of expiry are spread, so that no server of a cluster carries them all.</summary>
    public const int Shards = 64;

    public string Prefix => prefix;

    /// <summary>A key that lives with an owner: beside the record with that id, and beside the owner's other counters.</summary>
    public RedisKey Owned(string owner, string suffix) => $"{prefix}{{{Tag(owner)}}}:{suffix}";

    public RedisKey Record(RecordId id) => Owned(id.Id, "r" + ((int)id.Kind).ToString(CultureInfo.InvariantCulture));

    /// <summary>All quota counters of an owner, which go when its Key goes.</summary>
    public RedisKey Quotas(string owner) => Owned(owner, "q");

    /// <summary>An index in its order.</summary>
    public RedisKey IndexOrder(RecordKind kind, string name) => $"{prefix}{{i{(int)kind}:{Tag(name)}}}:s";

    /// <summary>The entries of an index that expire, by when.</summary>
    public RedisKey IndexExpiry(RecordKind kind, string name) => $"{prefix}{{i{(int)kind}:{Tag(name)}}}:x";

    /// <summary>Records that the sweeper removes, by when.</summary>
    public RedisKey Expiries(int shard) => $"{prefix}{{x{shard}}}:e";

    /// <summary>Records whose index entries are being changed, by when that began.</summary>
    public RedisKey Pending(int shard) => $"{prefix}{{x{shard}}}:p";

    /// <summary>A key without an owner, such as of the change log.</summary>
    public RedisKey Shared(string tag, string suffix) => $"{prefix}{{{tag}}}{suffix}";

    // A closing brace would end the tag early, and an empty one is none.
    private static string Tag(string id) =>
        id.Length == 0 ? "%" : id.AsSpan().ContainsAny('}', '%') ? id.Replace("%", "%25", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal) : id;
}
