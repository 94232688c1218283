namespace EdgeAuth.Catalog;

/// <summary>The generation in force, and the one that the proxy is being given while a reload is under way.</summary>
internal sealed class CatalogHolder
{
    private volatile CompiledCatalog? _current;
    private volatile CompiledCatalog? _applying;
    private volatile CompiledCatalog? _checked;

    /// <summary>The generation that management and OAuth endpoints work with.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been loaded yet.</exception>
    public CompiledCatalog Current => _current ?? throw new InvalidOperationException("The configuration has not been loaded; map the reverse proxy before the first request.");

    /// <summary>The generation whose routes are being built; the one in force when none is.</summary>
    public CompiledCatalog Applying => _applying ?? Current;

    public bool IsLoaded => _current is not null;

    /// <summary>The generation being applied or in force; null before the first.</summary>
    public CompiledCatalog? Latest => _applying ?? _current;

    /// <summary>The generation that routes are checked against: one that may never come into force, while there is one.</summary>
    public CompiledCatalog? Checked => _checked ?? Latest;

    /// <summary>Raised after another generation came into force.</summary>
    public event EventHandler? Changed;

    /// <summary>Checks routes against a generation, until it is null again. No route is built from it.</summary>
    public void Check(CompiledCatalog? catalog) => _checked = catalog;

    public void Apply(CompiledCatalog catalog) => _applying = catalog;

    public void Commit(CompiledCatalog catalog)
    {
        _current = catalog;
        _applying = null;
        Changed?.Invoke(this, EventArgs.Empty);
    }

    public void Abandon() => _applying = null;
}
