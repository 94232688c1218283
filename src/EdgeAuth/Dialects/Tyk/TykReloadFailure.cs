namespace EdgeAuth.Dialects.Tyk;

/// <summary>The answer to a refused reload (spec/tyk.md f.4, j.6).</summary>
internal sealed record TykReloadFailure(string Status, string Message, IReadOnlyList<TykProblem> Problems);
