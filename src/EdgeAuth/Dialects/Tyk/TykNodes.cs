namespace EdgeAuth.Dialects.Tyk;

/// <summary>The nodes that share the store of the one that answers.</summary>
/// <param name="Nodes">By host, then by when they started.</param>
/// <param name="Drift">They do not all serve the same configuration.</param>
internal sealed record TykNodes(IReadOnlyList<TykNode> Nodes, bool Drift);

/// <summary>One of them; <c>generation</c> is equal where files and settings are.</summary>
internal sealed record TykNode(string Id, string Host, string Version, string Generation, DateTimeOffset Started, DateTimeOffset Seen, bool Self);
