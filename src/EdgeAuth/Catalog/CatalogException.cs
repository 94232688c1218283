using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog;

/// <summary>The configuration cannot be served; the message lists every problem on a line of its own.</summary>
internal sealed class CatalogException : Exception
{
    public CatalogException()
    {
    }

    public CatalogException(string message)
        : base(message)
    {
    }

    public CatalogException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public CatalogException(IReadOnlyList<Problem> problems)
        : base("The configuration cannot be served:" + string.Concat(problems.Where(static problem => problem.Severity == ProblemSeverity.Error).Select(static problem => Environment.NewLine + "  " + problem)))
    {
        Problems = problems;
    }

    public IReadOnlyList<Problem> Problems { get; } = [];
}
