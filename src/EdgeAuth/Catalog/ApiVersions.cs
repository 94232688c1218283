using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog;

/// <summary>The versions of an API (spec/tyk.md g, <c>version_data</c>).</summary>
internal sealed class ApiVersions
{
    private ApiVersions(CompiledVersion only) => Only = only;

    /// <summary>The version of an API that has no other.</summary>
    public CompiledVersion Only { get; }

    /// <summary>True when a version gives the upstream a time limit.</summary>
    public bool HasDeadlines => Only.Deadlines is not null;

    public static ApiVersions Compile(ApiDefinition definition, double defaultTimeout)
    {
        var only = SingleVersion.Of(definition.VersionData) ?? new VersionInfo();
        return new(CompiledVersion.Compile(only.Name, definition, only, defaultTimeout));
    }
}
