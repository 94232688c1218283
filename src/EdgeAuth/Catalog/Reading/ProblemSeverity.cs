namespace EdgeAuth.Catalog.Reading;

internal enum ProblemSeverity
{
    Warning,
    Error,
}
