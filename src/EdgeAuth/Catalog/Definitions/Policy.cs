using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>A template that is merged into a Session (spec/tyk.md e.1).</summary>
internal sealed record Policy
{
    [JsonPropertyName("_id")]
    public JsonElement? DatabaseId { get; init; }

    public string Id { get; init => field = value ?? ""; } = "";

    public string Name { get; init => field = value ?? ""; } = "";

    public string OrgId { get; init => field = value ?? ""; } = "";

    public double Rate { get; init; }

    /// <summary>Seconds.</summary>
    public double Per { get; init; }

    public JsonElement? Smoothing { get; init; }

    public long QuotaMax { get; init; }

    /// <summary>Seconds; 0 or less never renews.</summary>
    public long QuotaRenewalRate { get; init; }

    /// <summary>Seconds.</summary>
    public double ThrottleInterval { get; init; }

    public long ThrottleRetryLimit { get; init; }

    public long MaxQueryDepth { get; init; }

    public IReadOnlyDictionary<string, AccessDefinition> AccessRights { get; init => field = Zero.Map(value); } = Zero.Map<AccessDefinition>(null);

    public bool HmacEnabled { get; init; }

    public bool EnableHttpSignatureValidation { get; init; }

    /// <summary>Read and ignored, as in Tyk: a policy with false works.</summary>
    public bool Active { get; init; }

    public bool IsInactive { get; init; }

    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>Seconds; above 0, a new key expires that long after its creation.</summary>
    public long KeyExpiresIn { get; init; }

    public string PostExpiryAction { get; init => field = value ?? ""; } = "";

    public long PostExpiryGracePeriod { get; init; }

    public PolicyPartitions Partitions { get; init => field = value ?? new(); } = new();

    public string LastUpdated { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, JsonElement>? MetaData { get; init; }

    public JsonElement? GraphqlAccessRights { get; init; }
}
