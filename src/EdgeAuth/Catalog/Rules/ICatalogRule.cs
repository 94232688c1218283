using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>One thing that a configuration must satisfy. A rule adds its problems and never throws.</summary>
internal interface ICatalogRule
{
    void Check(CatalogSource source, ProblemList problems);
}
