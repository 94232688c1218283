using EdgeAuth.Catalog;

namespace EdgeAuth.Sessions;

/// <summary>A session under one generation: its compiled rights, and room for the counters that the limiter binds to it.</summary>
internal sealed class SessionView(CompiledCatalog catalog, string org, CompiledRights rights)
{
    private readonly object?[] _counters = new object?[rights.Slots];

    public CompiledCatalog Catalog => catalog;

    public string Org => org;

    public CompiledRights Rights => rights;

    /// <summary>What the limiter keeps for a slot; nothing in this folder looks into it.</summary>
    public ref object? Counters(int slot) => ref _counters[slot];
}
