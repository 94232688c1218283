using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Statistics of an API (spec/tyk.md f.6). The first name is misspelt on the wire.</summary>
internal sealed record TykHealth(
    [property: JsonPropertyName("throttle_reqests_per_second")] double Throttled,
    [property: JsonPropertyName("quota_violations_per_second")] double QuotaViolations,
    [property: JsonPropertyName("key_failures_per_second")] double KeyFailures,
    [property: JsonPropertyName("average_upstream_latency")] double UpstreamLatency,
    [property: JsonPropertyName("average_requests_per_second")] double Requests);
