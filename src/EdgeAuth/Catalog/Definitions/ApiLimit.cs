using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>access_rights[api].limit</c>.</summary>
internal sealed record ApiLimit
{
    public double Rate { get; init; }

    /// <summary>Seconds.</summary>
    public double Per { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Smoothing { get; init; }

    /// <summary>Seconds.</summary>
    public double ThrottleInterval { get; init; }

    public long ThrottleRetryLimit { get; init; }

    public long MaxQueryDepth { get; init; }

    public long QuotaMax { get; init; }

    public long QuotaRenews { get; init; }

    public long QuotaRemaining { get; init; }

    /// <summary>Seconds; 0 or less never renews.</summary>
    public long QuotaRenewalRate { get; init; }

    /// <summary>True when every number is zero: then the limit is as good as absent.</summary>
    [JsonIgnore]
    public bool IsZero =>
        Rate == 0 && Per == 0 && ThrottleInterval == 0 && ThrottleRetryLimit == 0 && MaxQueryDepth == 0
        && QuotaMax == 0 && QuotaRenews == 0 && QuotaRemaining == 0 && QuotaRenewalRate == 0;
}
