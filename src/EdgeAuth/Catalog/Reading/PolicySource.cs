using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Reading;

/// <summary>A policy, the file it came from and its place in it.</summary>
internal sealed record PolicySource(string File, string Path, Policy Policy);
