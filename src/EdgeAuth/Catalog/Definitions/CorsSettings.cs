namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>CORS</c>.</summary>
internal sealed record CorsSettings
{
    public bool Enable { get; init; }

    public IReadOnlyList<string> AllowedOrigins { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> AllowedMethods { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> AllowedHeaders { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> ExposedHeaders { get; init => field = value ?? []; } = [];

    public bool AllowCredentials { get; init; }

    public long MaxAge { get; init; }

    public bool OptionsPassthrough { get; init; }

    public bool Debug { get; init; }
}
