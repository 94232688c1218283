using System.Security.Cryptography;
using System.Text;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.Storage;

namespace EdgeAuth.Catalog.Nodes;

/// <summary>This node among those that share its store.</summary>
internal sealed class NodeList(INodeRegistry registry, CatalogHolder catalogs, Peers peers, TimeProvider time)
{
    // A configuration that was replaced counts for as long as a node that says nothing, and nodes that reload one after the other take a moment.
    internal static readonly TimeSpan DriftPatience = INodeRegistry.Lifetime * 1.5;

    private const int NameSize = 8;
    private const int Rounds = 10_000;
    private const long Never = long.MaxValue;

    private readonly DateTimeOffset _started = time.GetUtcNow();
    private Generation? _generation;
    private long _differsSince = Never;

    /// <summary>Names this run of this node.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>True when for a while now the nodes have not all served one configuration.</summary>
    public bool HasDrifted => Volatile.Read(ref _differsSince) is var since and not Never && time.GetElapsedTime(since) > DriftPatience;

    /// <summary>Tells the others of this node, and learns whether there are any.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be asked.</exception>
    public async ValueTask AnnounceAsync(CancellationToken cancellationToken)
    {
        var node = new NodeEntry(Id, Environment.MachineName, ProductVersion.Text, NameOf(catalogs.Current), _started, Seen: default);
        var census = await registry.AnnounceAsync(node, cancellationToken);
        peers.MayBeThere = census.Nodes > 1;
        var differsSince = census.Generations <= 1 ? Never : Math.Min(Volatile.Read(ref _differsSince), time.GetTimestamp());
        Volatile.Write(ref _differsSince, differsSince);
    }

    /// <summary>The nodes that told of themselves of late, by id.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be asked.</exception>
    public async ValueTask<IReadOnlyList<ListedNode>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await registry.ListAsync(cancellationToken)).Select(node => new ListedNode(
            node.Id, node.Host, node.Version, node.Generation, node.Started, node.Seen, IsSelf: string.Equals(node.Id, Id, StringComparison.Ordinal))),
    ];

    /// <summary>Tells the others that this node ends.</summary>
    public ValueTask LeaveAsync(CancellationToken cancellationToken) => registry.RemoveAsync(Id, cancellationToken);

    // The hash is over secrets too, and who reads the list might try guesses on it: so each try costs something.
    private string NameOf(CompiledCatalog catalog)
    {
        if (_generation is not { } known || !string.Equals(known.Hash, catalog.Hash, StringComparison.Ordinal))
        {
            var name = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(catalog.Hash), "EdgeAuth generation"u8, Rounds, HashAlgorithmName.SHA256, NameSize);
            _generation = known = new Generation(catalog.Hash, Convert.ToHexStringLower(name));
        }

        return known.Name;
    }

    private sealed record Generation(string Hash, string Name);
}
