namespace EdgeAuth.Storage;

/// <summary>What a gateway tells of itself to the others.</summary>
/// <param name="Id">Names this run of it.</param>
/// <param name="Host">The machine it runs on.</param>
/// <param name="Version">The product's version.</param>
/// <param name="Generation">The hash of the configuration it serves.</param>
/// <param name="Started">Since when it runs.</param>
/// <param name="Seen">When it told this, by the clock of the store: what is given when it is told counts for nothing.</param>
internal sealed record NodeEntry(string Id, string Host, string Version, string Generation, DateTimeOffset Started, DateTimeOffset Seen);
