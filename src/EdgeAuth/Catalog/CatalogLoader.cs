using EdgeAuth.Catalog.Reading;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Catalog;

/// <summary>Reads the first generation. Throws <see cref="CatalogException"/> when it cannot be served.</summary>
internal sealed partial class CatalogLoader(CatalogReader reader, CatalogHolder catalogs, ILogger<CatalogLoader> logger)
{
    private readonly Lock _gate = new();

    /// <summary>The generation in force, read now if there is none.</summary>
    public CompiledCatalog EnsureLoaded()
    {
        lock (_gate)
        {
            if (catalogs.IsLoaded)
            {
                return catalogs.Current;
            }

            var problems = new ProblemList();
            var source = reader.Read(problems);
            if (problems.HasErrors)
            {
                throw new CatalogException(problems.All);
            }

            var catalog = CatalogCompiler.Compile(source, problems);
            Begin(catalog);
            return catalog;
        }
    }

    /// <summary>Puts the first generation in force.</summary>
    public void Begin(CompiledCatalog catalog)
    {
        foreach (var warning in catalog.Warnings)
        {
            Log.Warned(logger, warning.File, warning.Path, warning.Reason);
        }

        if (catalog.Apis.Count == 0 && catalog.Routes.Count == 0)
        {
            Log.NothingToServe(logger, reader.Directory);
        }

        catalogs.Commit(catalog);
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "{File} {Path}: {Reason}", EventName = "ConfigurationWarning")]
        public static partial void Warned(ILogger logger, string file, string path, string reason);

        [LoggerMessage(101, LogLevel.Warning, "No API is defined: put definitions into {Directory}/apis", EventName = "NothingToServe")]
        public static partial void NothingToServe(ILogger logger, string directory);
    }
}
