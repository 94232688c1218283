namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>version_data</c>. Absent, <see cref="NotVersioned"/> is false: the API is versioned.</summary>
internal sealed record VersionData
{
    public bool NotVersioned { get; init; }

    public string DefaultVersion { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, VersionInfo> Versions { get; init => field = Zero.Map(value); } = Zero.Map<VersionInfo>(null);
}
