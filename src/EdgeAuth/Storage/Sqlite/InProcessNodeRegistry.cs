namespace EdgeAuth.Storage.Sqlite;

/// <summary>The node list of a store that one process owns.</summary>
internal sealed class InProcessNodeRegistry(TimeProvider time) : INodeRegistry
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, NodeEntry> _nodes = new(StringComparer.Ordinal);

    public ValueTask<NodeCensus> AnnounceAsync(NodeEntry node, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _nodes[node.Id] = node with { Seen = time.GetUtcNow() };
            var live = Live();
            return new(new NodeCensus(live.Count, live.DistinctBy(static known => known.Generation, StringComparer.Ordinal).Count()));
        }
    }

    public ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Live());
        }
    }

    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _nodes.Remove(id);
        }

        return ValueTask.CompletedTask;
    }

    private List<NodeEntry> Live()
    {
        var since = time.GetUtcNow() - INodeRegistry.Lifetime;
        foreach (var gone in _nodes.Values.Where(node => node.Seen <= since).ToList())
        {
            _nodes.Remove(gone.Id);
        }

        return [.. _nodes.Values];
    }
}
