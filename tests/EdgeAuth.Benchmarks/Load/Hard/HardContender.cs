using EdgeAuth.Benchmarks.Load.Parts;

namespace EdgeAuth.Benchmarks.Load.Hard;

/// <summary>Who is measured under a hard condition: the program, and the same one with a Redis that is far away, where it has a store.</summary>
internal sealed record HardContender(string Name, Part Part, EdgeAuthPart? FarRedis)
{
    /// <summary>The program that a scenario measures, if it makes sense for this one.</summary>
    public Part? For(Scenario scenario) => scenario.FarRedis ? FarRedis : scenario.OfGateways && Part is not EdgeAuthPart ? null : Part;
}
