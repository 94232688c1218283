using System.Text.Json;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// The node list in Redis: a hash of JSON by node, and by Redis's clock when each node and each configuration was told of last. All of it goes by
/// itself once the last node has gone.
/// </summary>
internal sealed class RedisNodeRegistry(RedisLink link) : INodeRegistry
{
    private static readonly RedisScript Announce = new("node_announce");
    private static readonly RedisScript List = new("node_list");
    private static readonly RedisScript Remove = new("node_remove");

    private readonly RedisKey[] _keys = [link.Keys.Shared("nodes", ""), link.Keys.Shared("nodes", ":t"), link.Keys.Shared("nodes", ":g")];

    /// <summary>For tests, which have no ten seconds to wait.</summary>
    internal TimeSpan Lifetime { get; init; } = INodeRegistry.Lifetime;

    private RedisValue LifetimeInMilliseconds => (long)Lifetime.TotalMilliseconds;

    public async ValueTask<NodeCensus> AnnounceAsync(NodeEntry node, CancellationToken cancellationToken)
    {
        RedisValue[] arguments = [LifetimeInMilliseconds, node.Id, JsonSerializer.SerializeToUtf8Bytes(node, RedisJson.Default.NodeEntry), node.Generation];
        var counts = (RedisValue[])(await link.EvalAsync(Announce, _keys, arguments, RedisUse.Write, cancellationToken))!;
        return new NodeCensus((int)counts[0], (int)counts[1]);
    }

    public async ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var answer = (RedisValue[])(await link.EvalAsync(List, _keys[..2], [LifetimeInMilliseconds], RedisUse.Read, cancellationToken))!;
        var nodes = new List<NodeEntry>(answer.Length / 2);
        for (var i = 0; i < answer.Length; i += 2)
        {
            var node = JsonSerializer.Deserialize((byte[])answer[i]!, RedisJson.Default.NodeEntry)!;
            nodes.Add(node with { Seen = DateTimeOffset.FromUnixTimeMilliseconds((long)answer[i + 1]) });
        }

        nodes.Sort(static (left, right) => string.CompareOrdinal(left.Id, right.Id));
        return nodes;
    }

    public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken) =>
        await link.EvalAsync(Remove, _keys[..2], [id], RedisUse.Write, cancellationToken);
}
