namespace EdgeAuth.Catalog.Gate;

/// <summary>The version that a request names.</summary>
/// <param name="Name">Empty when it names none.</param>
/// <param name="End">Where its segment ends in the path; 0 when it does not stand there.</param>
internal readonly record struct VersionName(string Name, int End);
