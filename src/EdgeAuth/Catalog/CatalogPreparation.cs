using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog;

/// <summary>Reads, checks and compiles a generation without serving it: the one way for start, reload and <c>check</c>.</summary>
internal sealed class CatalogPreparation(CatalogReader reader, CatalogHolder catalogs)
{
    /// <summary>The generation, or null when one of the problems is an error. While it is checked it is the one being applied.</summary>
    public Task<CompiledCatalog?> PrepareAsync(ProblemList problems) => PrepareAsync(reader.Read(problems), problems);

    /// <summary>Whether the files given could be served; what is in force stays so.</summary>
    public async Task CheckAsync(IReadOnlyList<ConfigurationFile> files, ProblemList problems)
    {
        await PrepareAsync(reader.Read(files, problems), problems);
        catalogs.Abandon();
    }

    private async Task<CompiledCatalog?> PrepareAsync(CatalogSource source, ProblemList problems)
    {
        if (problems.HasErrors)
        {
            return null;
        }

        var catalog = CatalogCompiler.Compile(source, problems);
        catalogs.Apply(catalog);
        await reader.ValidateAsync(source, catalog.Routes, catalog.Clusters, problems);
        if (!problems.HasErrors)
        {
            return catalog;
        }

        catalogs.Abandon();
        return null;
    }
}
