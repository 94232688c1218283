namespace EdgeAuth.Catalog.Gate;

/// <summary>Whose turn it is where each version is an API of its own.</summary>
/// <param name="Outcome">What the request asks for.</param>
/// <param name="Version">The version whose API answers; null when that is the API itself, or none.</param>
/// <param name="Named">What the request names; without a segment when it was taken for part of the path.</param>
internal readonly record struct VersionChoice(VersionOutcome Outcome, string? Version, VersionName Named);
