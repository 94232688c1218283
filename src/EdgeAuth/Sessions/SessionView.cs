using EdgeAuth.Catalog;

namespace EdgeAuth.Sessions;

/// <summary>
/// A session under one generation and for the APIs of one organisation: its compiled rights, and room for the counters that the limiter binds
/// to it. A session that is not used any more does not keep an old generation in memory.
/// </summary>
internal sealed class SessionView(CompiledCatalog catalog, string org, CompiledRights rights)
{
    private readonly object _generation = catalog.Identity;
    private readonly object?[] _counters = new object?[rights.Slots];

    public CompiledRights Rights => rights;

    /// <summary>What the limiter keeps for a slot; nothing in this folder looks into it.</summary>
    public ref object? Counters(int slot) => ref _counters[slot];

    public bool IsFor(CompiledApi api) => ReferenceEquals(_generation, api.Catalog.Identity) && string.Equals(org, api.OrgId, StringComparison.Ordinal);
}
