namespace EdgeAuth.Catalog.Nodes;

/// <summary>A gateway that shares this one's store.</summary>
/// <param name="Id">Names this run of it.</param>
/// <param name="Host">The machine it runs on.</param>
/// <param name="Version">The product's version.</param>
/// <param name="Generation">Stands for the configuration it serves: equal files and settings, equal text.</param>
/// <param name="Started">Since when it runs, by its own clock.</param>
/// <param name="Seen">When it told of itself last, by the clock of the store.</param>
/// <param name="IsSelf">The node that answers.</param>
internal sealed record ListedNode(string Id, string Host, string Version, string Generation, DateTimeOffset Started, DateTimeOffset Seen, bool IsSelf);
