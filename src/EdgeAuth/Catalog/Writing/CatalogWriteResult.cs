using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Writing;

/// <summary>How writing the configuration directory ended.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Problems">Why it was refused.</param>
internal sealed record CatalogWriteResult(CatalogWriteOutcome Outcome, IReadOnlyList<Problem> Problems)
{
    public static CatalogWriteResult Written { get; } = new(CatalogWriteOutcome.Written, []);

    public static CatalogWriteResult NotFound { get; } = new(CatalogWriteOutcome.NotFound, []);

    public static CatalogWriteResult Failed { get; } = new(CatalogWriteOutcome.Failed, []);

    public static CatalogWriteResult Refused(IReadOnlyList<Problem> problems) => new(CatalogWriteOutcome.Refused, problems);
}
