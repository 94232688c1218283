namespace EdgeAuth.Catalog.Definitions;

/// <summary>One version of an API, or the only one.</summary>
internal sealed record VersionInfo
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string Expires { get; init => field = value ?? ""; } = "";

    public PathLists Paths { get; init => field = value ?? new(); } = new();

    public bool UseExtendedPaths { get; init; }

    public ExtendedPaths ExtendedPaths { get; init => field = value ?? new(); } = new();

    public IReadOnlyDictionary<string, string>? GlobalHeaders { get; init; }

    public IReadOnlyList<string>? GlobalHeadersRemove { get; init; }

    public IReadOnlyDictionary<string, string>? GlobalResponseHeaders { get; init; }

    public IReadOnlyList<string>? GlobalResponseHeadersRemove { get; init; }

    /// <summary>Bytes; 0 is no limit.</summary>
    public long GlobalSizeLimit { get; init; }

    /// <summary>Seconds until the upstream must have answered; 0 takes the gateway's default.</summary>
    public double GlobalEnforceTimeout { get; init; }

    public bool IgnoreEndpointCase { get; init; }

    public string OverrideTarget { get; init => field = value ?? ""; } = "";

    public bool GlobalHeadersDisabled { get; init; }

    public bool GlobalResponseHeadersDisabled { get; init; }
}
