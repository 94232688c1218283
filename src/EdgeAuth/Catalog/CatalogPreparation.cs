using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog;

/// <summary>Reads, checks and compiles a generation without serving it: the one way for start, reload and <c>check</c>.</summary>
internal sealed class CatalogPreparation(CatalogReader reader, CatalogHolder catalogs)
{
    /// <summary>The generation, or null when one of the problems is an error.</summary>
    public Task<CompiledCatalog?> PrepareAsync(ProblemList problems) => PrepareAsync(reader.Read(problems), problems);

    /// <summary>Whether the configuration as it is could be served; what is in force stays so.</summary>
    public async Task<bool> CheckAsync(ProblemList problems) => await PrepareAsync(reader.Look(problems), problems) is not null;

    /// <summary>Whether the files given could be served; what is in force stays so.</summary>
    public Task CheckAsync(IReadOnlyList<ConfigurationFile> files, ProblemList problems) => PrepareAsync(reader.Read(files, problems), problems);

    private async Task<CompiledCatalog?> PrepareAsync(CatalogSource source, ProblemList problems)
    {
        if (problems.HasErrors)
        {
            return null;
        }

        var catalog = CatalogCompiler.Compile(source, problems);
        catalogs.Check(catalog);
        try
        {
            await reader.ValidateAsync(source, catalog.Routes, catalog.Clusters, problems);
        }
        finally
        {
            catalogs.Check(null);
        }

        return problems.HasErrors ? null : catalog;
    }
}
