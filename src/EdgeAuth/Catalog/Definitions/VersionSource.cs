namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>definition</c>: where the name of the asked version is found.</summary>
internal sealed record VersionSource
{
    public bool Enabled { get; init; }

    public string Name { get; init => field = value ?? ""; } = "";

    public string Default { get; init => field = value ?? ""; } = "";

    public string Location { get; init => field = value ?? ""; } = "";

    public string Key { get; init => field = value ?? ""; } = "";

    public bool StripPath { get; init; }

    public bool StripVersioningData { get; init; }

    public string UrlVersioningPattern { get; init => field = value ?? ""; } = "";

    public bool FallbackToDefault { get; init; }

    public IReadOnlyDictionary<string, string>? Versions { get; init; }
}
