namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>extended_paths.mock_response[]</c>: a fixed answer in place of the upstream's.</summary>
internal sealed record MockResponse
{
    public string Path { get; init => field = value ?? ""; } = "";

    public string Method { get; init => field = value ?? ""; } = "";

    public bool Disabled { get; init; }

    public bool IgnoreCase { get; init; }

    public long Code { get; init; }

    public string Body { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}
