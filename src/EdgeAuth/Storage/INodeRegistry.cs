namespace EdgeAuth.Storage;

/// <summary>The gateways that share a store. Every member throws <see cref="StoreUnavailableException"/> when the store cannot be asked.</summary>
internal interface INodeRegistry
{
    /// <summary>For so long a node is listed that says nothing more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Adds a node, or replaces what is known of it.</summary>
    ValueTask<NodeCensus> AnnounceAsync(NodeEntry node, CancellationToken cancellationToken);

    /// <summary>The nodes that were announced within <see cref="Lifetime"/> and not removed, by id.</summary>
    ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken);

    ValueTask RemoveAsync(string id, CancellationToken cancellationToken);
}
