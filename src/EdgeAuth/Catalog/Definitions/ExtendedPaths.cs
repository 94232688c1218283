using System.Text.Json;

namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>extended_paths</c>: rules per path and method.</summary>
internal sealed record ExtendedPaths
{
    public IReadOnlyList<PathRule> Ignored { get; init => field = Zero.List(value); } = [];

    public IReadOnlyList<PathRule> WhiteList { get; init => field = Zero.List(value); } = [];

    public IReadOnlyList<PathRule> BlackList { get; init => field = Zero.List(value); } = [];

    public IReadOnlyList<PathRateLimit> RateLimit { get; init => field = Zero.List(value); } = [];

    public IReadOnlyList<PathSizeLimit> SizeLimits { get; init => field = Zero.List(value); } = [];

    public IReadOnlyList<HardTimeout> HardTimeouts { get; init => field = Zero.List(value); } = [];

    public JsonElement? TransformHeaders { get; init; }

    public JsonElement? TransformResponseHeaders { get; init; }

    public JsonElement? Transform { get; init; }

    public JsonElement? TransformResponse { get; init; }

    public JsonElement? UrlRewrites { get; init; }

    public IReadOnlyList<MockResponse> MockResponse { get; init => field = Zero.List(value); } = [];

    public JsonElement? Cache { get; init; }

    public JsonElement? CircuitBreakers { get; init; }

    public JsonElement? MethodTransforms { get; init; }

    public JsonElement? TrackEndpoints { get; init; }

    public JsonElement? DoNotTrackEndpoints { get; init; }

    public JsonElement? Internal { get; init; }

    public JsonElement? ValidateJson { get; init; }

    public JsonElement? ValidateRequest { get; init; }

    public JsonElement? Virtual { get; init; }
}
