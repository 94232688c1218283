namespace EdgeAuth.Storage;

/// <summary>The gateways that share a store. Every member throws <see cref="StoreUnavailableException"/> when the store cannot be asked.</summary>
internal interface INodeRegistry
{
    /// <summary>Adds a node, or replaces what is known of it.</summary>
    ValueTask AnnounceAsync(NodeEntry node, CancellationToken cancellationToken);

    /// <summary>All nodes that were announced and not removed, by id; one that ended without saying so is among them.</summary>
    ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken);

    ValueTask RemoveAsync(string id, CancellationToken cancellationToken);
}
