namespace EdgeAuth.Storage;

/// <summary>Who told of itself of late.</summary>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Generations">How many configurations they served, one that was replaced a moment ago among them.</param>
internal readonly record struct NodeCensus(int Nodes, int Generations);
