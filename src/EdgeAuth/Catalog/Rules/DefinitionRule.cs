using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>A rule that looks at one served definition at a time.</summary>
internal abstract class DefinitionRule : ICatalogRule
{
    public void Check(CatalogSource source, ProblemList problems)
    {
        foreach (var definition in source.Served)
        {
            Check(definition.Definition, new Reporter(definition, problems));
        }
    }

    protected abstract void Check(ApiDefinition definition, Reporter report);

    /// <summary>Reports problems of one definition, showing the value at their path.</summary>
    internal readonly struct Reporter(DefinitionSource source, ProblemList problems)
    {
        public ProblemList Problems => problems;

        public string File => source.File;

        public JsonElement Document => source.Document;

        public void Error(string path, string reason) => problems.Add(ProblemSeverity.Error, source.File, "$." + path, JsonPath.Find(source.Document, path), reason);

        public void Warning(string path, string reason) => problems.Add(ProblemSeverity.Warning, source.File, "$." + path, JsonPath.Find(source.Document, path), reason);
    }
}
