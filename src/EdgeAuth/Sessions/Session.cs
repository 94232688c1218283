using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>
/// The rules attached to a credential: Tyk's session object, <c>key_rules</c> (spec/tyk.md c). The order of the members is the order on
/// the wire; a member without a condition is always written.
/// </summary>
internal sealed record Session
{
    public long LastCheck { get; init; }

    public double Allowance { get; init; }

    public double Rate { get; init; }

    /// <summary>Seconds.</summary>
    public double Per { get; init; }

    /// <summary>Seconds.</summary>
    public double ThrottleInterval { get; init; }

    public long ThrottleRetryLimit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long MaxQueryDepth { get; init; }

    /// <summary>RFC 3339; given by the server when the key is created.</summary>
    public string DateCreated { get; init => field = value ?? ""; } = "";

    /// <summary>Unix seconds; 0 or less never expires.</summary>
    public long Expires { get; init; }

    public long QuotaMax { get; init; }

    /// <summary>Unix seconds; output only.</summary>
    public long QuotaRenews { get; init; }

    /// <summary>Output only.</summary>
    public long QuotaRemaining { get; init; }

    /// <summary>Seconds; 0 or less never renews.</summary>
    public long QuotaRenewalRate { get; init; }

    /// <summary>What is granted, by API id; empty is every API.</summary>
    public IReadOnlyDictionary<string, AccessDefinition> AccessRights { get; init => field = Zero.Map(value); } = Zero.Map<AccessDefinition>(null);

    public string OrgId { get; init => field = value ?? ""; } = "";

    public string OauthClientId { get; init => field = value ?? ""; } = "";

    /// <summary>For a user of the password grant: client id to the hash of the token issued last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? OauthKeys { get; init => field = value is { Count: > 0 } ? value : null; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Certificate { get; init => field = Absent(value); }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? MtlsStaticCertificateBindings { get; init => field = value is { Count: > 0 } ? value : null; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BasicAuthData? BasicAuthData { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? JwtData { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HmacEnabled { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EnableHttpSignatureValidation { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HmacString { get; init => field = Absent(value); }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RsaCertificateId { get; init => field = Absent(value); }

    public bool IsInactive { get; init; }

    /// <summary>Deprecated by <see cref="ApplyPolicies"/>; read only when that is empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApplyPolicyId { get; init => field = Absent(value); }

    public IReadOnlyList<string> ApplyPolicies { get; init => field = value ?? []; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long DataExpires { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Monitor { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EnableDetailRecording { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EnableDetailedRecording { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? MetaData { get; init; }

    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    public string Alias { get; init => field = value ?? ""; } = "";

    /// <summary>Unix seconds as text.</summary>
    public string LastUpdated { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long IdExtractorDeadline { get; init; }

    /// <summary>Seconds a key is stored after its last write; 0 takes the API's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SessionLifetime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PostExpiryAction { get; init => field = Absent(value); }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long PostExpiryGracePeriod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Smoothing { get; init; }

    /// <summary>The policies in force by id: the list, or the deprecated single one.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> PolicyIds => ApplyPolicies.Count > 0 ? ApplyPolicies : ApplyPolicyId is { } id ? [id] : [];

    /// <summary>The secret or public key that verifies JWTs with this key's id as their <c>kid</c>; null when it has none.</summary>
    [JsonIgnore]
    public string? JwtSecret =>
        JwtData is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("secret", out var secret) && secret.ValueKind == JsonValueKind.String && secret.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>
    /// The rules without what has no place in those of a token: it is neither a user nor a key that verifies JWTs, and least of all a password in clear belongs there.
    /// </summary>
    public Session WithoutSecrets() => this with { BasicAuthData = null, OauthKeys = null, JwtData = null };

    /// <summary>True once the second named by <see cref="Expires"/> has passed.</summary>
    public static bool HasExpired(long expires, DateTimeOffset now) => expires > 0 && now.ToUnixTimeSeconds() > expires;

    private static string? Absent(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
