using System.Text.Json;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>The node list in Redis: a hash of JSON by node.</summary>
internal sealed class RedisNodeRegistry(RedisLink link) : INodeRegistry
{
    private readonly RedisKey _key = link.Keys.Shared("nodes", "");

    public async ValueTask AnnounceAsync(NodeEntry node, CancellationToken cancellationToken) => await link.RunAsync(
        RedisUse.Write,
        database => database.HashSetAsync(_key, node.Id, JsonSerializer.SerializeToUtf8Bytes(node, RedisJson.Default.NodeEntry), When.Always, CommandFlags.DemandMaster),
        cancellationToken);

    public async ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await link.RunAsync(RedisUse.Read, database => database.HashGetAllAsync(_key, CommandFlags.DemandMaster), cancellationToken);
        return [.. found.Select(static field => JsonSerializer.Deserialize((byte[])field.Value!, RedisJson.Default.NodeEntry)!).OrderBy(static node => node.Id, StringComparer.Ordinal)];
    }

    public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken) =>
        await link.RunAsync(RedisUse.Write, database => database.HashDeleteAsync(_key, id, CommandFlags.DemandMaster), cancellationToken);
}
