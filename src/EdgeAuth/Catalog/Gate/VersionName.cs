namespace EdgeAuth.Catalog.Gate;

/// <summary>The version that a request names.</summary>
/// <param name="Name">Empty when it names none.</param>
/// <param name="End">Where its segment ends in the path; 0 when it does not stand there.</param>
/// <param name="IsRepeated">
/// True when it is given more than once: who reads the request after the gateway may take any of them, so that it is no version and no default
/// stands in for it.
/// </param>
internal readonly record struct VersionName(string Name, int End, bool IsRepeated = false);
