using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>One file of <c>apis/</c>: Tyk's classic API definition (spec/tyk.md g). An absent or null field has its zero value.</summary>
internal sealed record ApiDefinition
{
    public string ApiId { get; init => field = value ?? ""; } = "";

    public string Name { get; init => field = value ?? ""; } = "";

    public string Slug { get; init => field = value ?? ""; } = "";

    public string Id { get; init => field = value ?? ""; } = "";

    public string OrgId { get; init => field = value ?? ""; } = "";

    /// <summary>Absent or true is served; only an explicit false is not.</summary>
    public bool? Active { get; init; }

    public bool Internal { get; init; }

    public long ListenPort { get; init; }

    public string Protocol { get; init => field = value ?? ""; } = "";

    public string Domain { get; init => field = value ?? ""; } = "";

    public string Expiration { get; init => field = value ?? ""; } = "";

    public bool UseKeyless { get; init; }

    public bool UseOauth2 { get; init; }

    public OAuthMeta OauthMeta { get; init => field = value ?? new(); } = new();

    public NotificationSettings Notifications { get; init => field = value ?? new(); } = new();

    public bool UseStandardAuth { get; init; }

    public bool UseBasicAuth { get; init; }

    public JsonElement? BasicAuth { get; init; }

    public AuthConfig? Auth { get; init; }

    public IReadOnlyDictionary<string, AuthConfig> AuthConfigs { get; init => field = Zero.Map(value); } = Zero.Map<AuthConfig>(null);

    public bool StripAuthData { get; init; }

    public string BaseIdentityProvidedBy { get; init => field = value ?? ""; } = "";

    public bool EnableJwt { get; init; }

    public string JwtSigningMethod { get; init => field = value ?? ""; } = "";

    public string JwtSource { get; init => field = value ?? ""; } = "";

    public string JwtIdentityBaseField { get; init => field = value ?? ""; } = "";

    public string JwtClientBaseField { get; init => field = value ?? ""; } = "";

    public string JwtPolicyFieldName { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string> JwtDefaultPolicies { get; init => field = value ?? []; } = [];

    public long JwtIssuedAtValidationSkew { get; init; }

    public long JwtExpiresAtValidationSkew { get; init; }

    public long JwtNotBeforeValidationSkew { get; init; }

    public bool JwtSkipKid { get; init; }

    public IReadOnlyDictionary<string, string> JwtScopeToPolicyMapping { get; init => field = Zero.TextMap(value); } = Zero.TextMap(null);

    public string JwtScopeClaimName { get; init => field = value ?? ""; } = "";

    public ScopeSettings Scopes { get; init => field = value ?? new(); } = new();

    public bool IdpClientIdMappingDisabled { get; init; }

    public ProxySettings Proxy { get; init => field = value ?? new(); } = new();

    public JsonElement? UptimeTests { get; init; }

    public VersionSource Definition { get; init => field = value ?? new(); } = new();

    public VersionData VersionData { get; init => field = value ?? new(); } = new();

    public GlobalRateLimit GlobalRateLimit { get; init => field = value ?? new(); } = new();

    public bool DisableRateLimit { get; init; }

    public bool DisableQuota { get; init; }

    public bool DontSetQuotaOnCreate { get; init; }

    public long SessionLifetime { get; init; }

    public bool SessionLifetimeRespectsKeyExpiration { get; init; }

    public bool EnableIpWhitelisting { get; init; }

    public IReadOnlyList<string> AllowedIps { get; init => field = value ?? []; } = [];

    public bool EnableIpBlacklisting { get; init; }

    public IReadOnlyList<string> BlacklistedIps { get; init => field = value ?? []; } = [];

    public bool IpAccessControlDisabled { get; init; }

    [JsonPropertyName("CORS")]
    public CorsSettings Cors { get; init => field = value ?? new(); } = new();

    public JsonElement? CacheOptions { get; init; }

    public JsonElement? EventHandlers { get; init; }

    public JsonElement? CustomMiddleware { get; init; }

    public JsonElement? CustomMiddlewareBundle { get; init; }

    public JsonElement? ResponseProcessors { get; init; }

    public JsonElement? Graphql { get; init; }

    public bool EnableBatchRequestSupport { get; init; }

    public JsonElement? AuthProvider { get; init; }

    public JsonElement? SessionProvider { get; init; }

    public bool EnableCoprocessAuth { get; init; }

    public bool UseGoPluginAuth { get; init; }

    public bool UseOpenid { get; init; }

    public JsonElement? OpenidOptions { get; init; }

    public bool UseMutualTlsAuth { get; init; }

    public JsonElement? ClientCertificates { get; init; }

    public JsonElement? UpstreamCertificates { get; init; }

    public JsonElement? PinnedPublicKeys { get; init; }

    public bool EnableSignatureChecking { get; init; }

    public JsonElement? HmacAllowedAlgorithms { get; init; }

    public double HmacAllowedClockSkew { get; init; }

    public JsonElement? RequestSigning { get; init; }

    public JsonElement? AnalyticsPlugin { get; init; }

    public JsonElement? UpstreamAuth { get; init; }

    public JsonElement? ExternalOauth { get; init; }

    public JsonElement? ErrorOverrides { get; init; }

    public JsonElement? CustomErrorMessages { get; init; }

    public bool DoNotTrack { get; init; }

    public bool EnableContextVars { get; init; }

    public JsonElement? ConfigData { get; init; }

    public JsonElement? TagHeaders { get; init; }

    public JsonElement? Tags { get; init; }

    public long ExpireAnalyticsAfter { get; init; }

    public bool EnableDetailedRecording { get; init; }

    public bool DetailedTracing { get; init; }

    /// <summary>EdgeAuth's own: <c>rfc</c> or <c>tyk</c> for this API; empty takes <c>EdgeAuth:Enforcement:Errors</c>.</summary>
    public string Errors { get; init => field = value ?? ""; } = "";

    /// <summary>EdgeAuth's own: the issuers (<c>iss</c>) whose JWTs are taken; empty does not look.</summary>
    public IReadOnlyList<string> JwtAllowedIssuers { get; init => field = value ?? []; } = [];

    /// <summary>EdgeAuth's own: the audiences (<c>aud</c>) of which a JWT must name one; empty does not look.</summary>
    public IReadOnlyList<string> JwtAllowedAudiences { get; init => field = value ?? []; } = [];

    /// <summary>EdgeAuth's own: what YARP's RouteConfig and ClusterConfig take, laid over what the definition gives.</summary>
    public YarpBlock? Yarp { get; init; }
}
