using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog;

/// <summary>A version of an API with everything a request needs worked out (spec/tyk.md g, VersionInfo).</summary>
internal sealed class CompiledVersion
{
    public required string Name { get; init; }

    /// <summary>Null when the upstream may take its time.</summary>
    public required UpstreamDeadlines? Deadlines { get; init; }

    public static CompiledVersion Compile(string name, VersionInfo version, double defaultTimeout) => new()
    {
        Name = name,
        Deadlines = UpstreamDeadlines.Compile(version, defaultTimeout),
    };
}
