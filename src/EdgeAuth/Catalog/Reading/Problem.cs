namespace EdgeAuth.Catalog.Reading;

/// <summary>Something wrong with the configuration, told so that its author can find and mend it.</summary>
/// <param name="Severity">An error keeps the configuration from being served.</param>
/// <param name="File">Relative to the configuration directory.</param>
/// <param name="Path">The JSON path of the value, from <c>$</c>.</param>
/// <param name="Value">The value as JSON text, or null when there is none.</param>
/// <param name="Reason">What is wrong and what is allowed.</param>
internal sealed record Problem(ProblemSeverity Severity, string File, string Path, string? Value, string Reason)
{
    public override string ToString() =>
        $"{(Severity == ProblemSeverity.Error ? "error" : "warning")} {File} {Path}{(Value is null ? "" : " = " + Value)}: {Reason}";
}
