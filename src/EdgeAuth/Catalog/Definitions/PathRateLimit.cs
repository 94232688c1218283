namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>extended_paths.rate_limit[]</c>: a rate of all callers together.</summary>
internal sealed record PathRateLimit
{
    public string Path { get; init => field = value ?? ""; } = "";

    public string Method { get; init => field = value ?? ""; } = "";

    public double Rate { get; init; }

    /// <summary>Seconds.</summary>
    public double Per { get; init; }

    public bool Disabled { get; init; }
}
