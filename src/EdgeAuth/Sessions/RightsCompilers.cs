using EdgeAuth.Catalog;

namespace EdgeAuth.Sessions;

/// <summary>The compiler of each generation that still serves requests.</summary>
internal sealed class RightsCompilers
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<CompiledCatalog, RightsCompiler> _compilers = [];
    private volatile RightsCompiler? _latest;

    public RightsCompiler For(CompiledCatalog catalog)
    {
        var latest = _latest;
        return latest is not null && ReferenceEquals(latest.Catalog, catalog)
            ? latest
            : _latest = _compilers.GetValue(catalog, static generation => new RightsCompiler(generation));
    }
}
