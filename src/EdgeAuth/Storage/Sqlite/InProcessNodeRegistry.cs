using System.Collections.Concurrent;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>The node list of a store that one process owns.</summary>
internal sealed class InProcessNodeRegistry : INodeRegistry
{
    private readonly ConcurrentDictionary<string, NodeEntry> _nodes = new(StringComparer.Ordinal);

    public ValueTask AnnounceAsync(NodeEntry node, CancellationToken cancellationToken)
    {
        _nodes[node.Id] = node;
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken) =>
        new([.. _nodes.Values.OrderBy(static node => node.Id, StringComparer.Ordinal)]);

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        _nodes.TryRemove(id, out _);
        return ValueTask.CompletedTask;
    }
}
