using EdgeAuth.Catalog;

namespace EdgeAuth.Sessions;

/// <summary>
/// A session under one generation and for the APIs of one organisation: its compiled rights, and room for the counters that the limiter binds
/// to it. A session that is not used any more does not keep an old generation in memory.
/// </summary>
/// <param name="catalog">The generation.</param>
/// <param name="org">The organisation of the APIs.</param>
/// <param name="rights">The session's compiled rights.</param>
/// <param name="sharedOwner">Under what its limits are counted, where that is not the key itself.</param>
internal sealed class SessionView(CompiledCatalog catalog, string org, CompiledRights rights, string? sharedOwner = null)
{
    private readonly object _generation = catalog.Identity;
    private readonly object?[] _counters = new object?[rights.Slots];

    public CompiledRights Rights => rights;

    /// <summary>Under what the limits are counted that several keys share; null when the key has its own counters.</summary>
    public string? SharedOwner => sharedOwner;

    /// <summary>What the limiter keeps for a slot; nothing in this folder looks into it.</summary>
    public ref object? Counters(int slot) => ref _counters[slot];

    public bool IsFor(CompiledApi api) => ReferenceEquals(_generation, api.Catalog.Identity) && string.Equals(org, api.OrgId, StringComparison.Ordinal);
}
