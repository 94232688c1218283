using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog;

/// <summary>A version of an API with everything a request needs worked out (spec/tyk.md g, VersionInfo).</summary>
internal sealed class CompiledVersion
{
    public required string Name { get; init; }

    /// <summary>Null when the upstream may take its time.</summary>
    public required UpstreamDeadlines? Deadlines { get; init; }

    /// <summary>Null when nothing limits all callers together.</summary>
    public required ApiRates? Rates { get; init; }

    public static CompiledVersion Compile(string name, ApiDefinition definition, VersionInfo version, double defaultTimeout) => new()
    {
        Name = name,
        Rates = ApiRates.Compile(definition, version),
        Deadlines = UpstreamDeadlines.Compile(version, defaultTimeout),
    };
}
