namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>extended_paths.hard_timeouts[]</c>: seconds until the upstream must have begun its answer.</summary>
internal sealed record HardTimeout
{
    public string Path { get; init => field = value ?? ""; } = "";

    public string Method { get; init => field = value ?? ""; } = "";

    public double Timeout { get; init; }

    public bool Disabled { get; init; }
}
