using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog;

/// <summary>How a reload ended.</summary>
/// <param name="Succeeded">The files' configuration is in force.</param>
/// <param name="Problems">Everything found; errors when it failed, warnings only when it did not.</param>
internal sealed record ReloadOutcome(bool Succeeded, IReadOnlyList<Problem> Problems)
{
    /// <summary>The JSON paths of the settings that have changed and that only a restart can change.</summary>
    public IEnumerable<string> NeedRestart => Problems.Where(static problem => problem.Reason is RestartSettings.Reason).Select(static problem => problem.Path);

    public IEnumerable<Problem> Errors => Problems.Where(static problem => problem.Severity == ProblemSeverity.Error);
}
