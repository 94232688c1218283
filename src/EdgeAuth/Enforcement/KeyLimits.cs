using System.Text.Json.Serialization;

namespace EdgeAuth.Enforcement;

/// <summary>A key holder's own limits, as Tyk shows them (spec/tyk.md f.7): those of the session itself.</summary>
internal sealed record KeyLimits(
    [property: JsonPropertyName("quota")] KeyQuota Quota,
    [property: JsonPropertyName("rate_limit")] KeyRate Rate);

/// <summary>The quota of a key.</summary>
internal sealed record KeyQuota(
    [property: JsonPropertyName("quota_max")] long Max,
    [property: JsonPropertyName("quota_remaining")] long Remaining,
    [property: JsonPropertyName("quota_renews")] long Renews);

/// <summary>The rate of a key; the window in seconds.</summary>
internal sealed record KeyRate(
    [property: JsonPropertyName("requests")] double Requests,
    [property: JsonPropertyName("per_unit")] double PerUnit);
