namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>extended_paths.size_limits[]</c>: the largest request body, in bytes.</summary>
internal sealed record PathSizeLimit
{
    public string Path { get; init => field = value ?? ""; } = "";

    public string Method { get; init => field = value ?? ""; } = "";

    public long SizeLimit { get; init; }

    public bool Disabled { get; init; }
}
