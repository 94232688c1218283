using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>
/// The section <c>EdgeAuth:Dialects:Tyk</c>: where the dialect is mounted, and Tyk's gateway settings under Tyk's own names
/// (spec/tyk.md i). The settings act whether or not the dialect is mounted, from the next reload on; the mount needs a restart.
/// </summary>
public sealed class TykSettings
{
    /// <summary>Serve the dialect.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A path before <c>/tyk</c>; empty or <c>/</c> for none.</summary>
    public string PathBase { get; set => field = value ?? ""; } = "";

    /// <summary>Serve the dialect on this host name only.</summary>
    public string? Host { get; set; }

    // As the other port, of one machine: no part of what nodes have in common.

    /// <summary>Serve the dialect on this local port only.</summary>
    [JsonIgnore]
    public int? Port { get; set; }

    /// <summary>An alias of <c>EdgeAuth:Management:Secret</c>.</summary>
    [ConfigurationKeyName("secret")]
    public string? Secret { get; set; }

    /// <summary>An alias of <c>EdgeAuth:Management:Port</c>; 0 for none.</summary>
    [ConfigurationKeyName("control_api_port")]
    [JsonIgnore]
    public int ControlApiPort { get; set; }

    /// <summary>Seconds an access token lives; 0 takes <c>EdgeAuth:OAuth:AccessTokenLifetime</c>.</summary>
    [ConfigurationKeyName("oauth_token_expire")]
    public long OAuthTokenExpire { get; set; }

    /// <summary>Seconds a refresh token lives; 0 takes <c>EdgeAuth:OAuth:RefreshTokenLifetime</c>.</summary>
    [ConfigurationKeyName("oauth_refresh_token_expire")]
    public long OAuthRefreshTokenExpire { get; set; }

    /// <summary>Separates several redirect URIs of one client; empty: the value is one URI.</summary>
    [ConfigurationKeyName("oauth_redirect_uri_separator")]
    public string OAuthRedirectUriSeparator { get; set => field = value ?? ""; } = "";

    /// <summary>The status of OAuth errors; 0: RFC 6749's in <c>rfc</c> style, 403 in <c>tyk</c> style.</summary>
    [ConfigurationKeyName("oauth_error_status_code")]
    public int OAuthErrorStatusCode { get; set; }

    /// <summary>Let <c>GET /tyk/keys</c> list the hashes of keys.</summary>
    [ConfigurationKeyName("enable_hashed_keys_listing")]
    public bool EnableHashedKeysListing { get; set; }

    /// <summary>Allow keys without access rights to be created; such a key reaches every API.</summary>
    [ConfigurationKeyName("allow_master_keys")]
    public bool AllowMasterKeys { get; set; }

    /// <summary>The shortest credential; 0 is 3.</summary>
    [ConfigurationKeyName("min_token_length")]
    public int MinTokenLength { get; set; }

    /// <summary><c>quotas</c> or <c>rate_limits</c>: what <c>X-RateLimit-*</c> show.</summary>
    [ConfigurationKeyName("rate_limit_response_headers")]
    public string RateLimitResponseHeaders { get; set; } = "quotas";

    /// <summary>Store every key for <see cref="GlobalSessionLifetime"/> seconds, whatever it says itself.</summary>
    [ConfigurationKeyName("force_global_session_lifetime")]
    public bool ForceGlobalSessionLifetime { get; set; }

    /// <summary>Seconds; used with <see cref="ForceGlobalSessionLifetime"/>.</summary>
    [ConfigurationKeyName("global_session_lifetime")]
    public long GlobalSessionLifetime { get; set; }

    /// <summary>Never store a key for less than until its own <c>expires</c>.</summary>
    [ConfigurationKeyName("session_lifetime_respects_key_expiration")]
    public bool SessionLifetimeRespectsKeyExpiration { get; set; }

    /// <summary>Tyk's <c>http_server_options</c>.</summary>
    [ConfigurationKeyName("http_server_options")]
    public TykServerSettings HttpServerOptions { get; set; } = new();

    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("control_api_hostname")]
    public string? ControlApiHostname { get; set; }

    /// <summary>Accepted without effect: lapsed tokens leave the lists by themselves.</summary>
    [ConfigurationKeyName("oauth_token_expired_retain_period")]
    public long? OAuthTokenExpiredRetainPeriod { get; set; }

    /// <summary>Accepted without effect: keys are always hashed.</summary>
    [ConfigurationKeyName("hash_keys")]
    public bool? HashKeys { get; set; }

    /// <summary>Accepted without effect: keys are hashed with SHA-256.</summary>
    [ConfigurationKeyName("hash_key_function")]
    public string? HashKeyFunction { get; set; }

    /// <summary>Accepted without effect: there is one rate limiter.</summary>
    [ConfigurationKeyName("enable_redis_rolling_limiter")]
    public bool? EnableRedisRollingLimiter { get; set; }

    /// <summary>Accepted without effect: there is one rate limiter.</summary>
    [ConfigurationKeyName("enable_sentinel_rate_limiter")]
    public bool? EnableSentinelRateLimiter { get; set; }

    /// <summary>Accepted without effect: there is one rate limiter.</summary>
    [ConfigurationKeyName("enable_fixed_window_rate_limiter")]
    public bool? EnableFixedWindowRateLimiter { get; set; }

    /// <summary>Accepted without effect: there is one rate limiter.</summary>
    [ConfigurationKeyName("enable_non_transactional_rate_limiter")]
    public bool? EnableNonTransactionalRateLimiter { get; set; }

    /// <summary>Accepted without effect: there is one rate limiter.</summary>
    [ConfigurationKeyName("enable_rate_limit_smoothing")]
    public bool? EnableRateLimitSmoothing { get; set; }

    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("drl_threshold")]
    public double? DrlThreshold { get; set; }

    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("drl_notification_frequency")]
    public int? DrlNotificationFrequency { get; set; }

    /// <summary>Count requests to the limits of their organisation, and refuse them while it is switched off.</summary>
    [ConfigurationKeyName("enforce_org_quotas")]
    public bool EnforceOrgQuotas { get; set; }

    /// <summary>Accepted without effect: changes to sessions act at once.</summary>
    [ConfigurationKeyName("local_session_cache")]
    public TykSessionCacheSettings LocalSessionCache { get; set; } = new();

    /// <summary>Accepted without effect: no generator header is sent.</summary>
    [ConfigurationKeyName("hide_generator_header")]
    public bool? HideGeneratorHeader { get; set; }

    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("close_connections")]
    public bool? CloseConnections { get; set; }

    /// <summary>Tyk's <c>health_check</c>: statistics per API.</summary>
    [ConfigurationKeyName("health_check")]
    public TykHealthCheckSettings HealthCheck { get; set; } = new();

    /// <summary>Own wordings and statuses of refusals, by Tyk's ids such as <c>oauth.key_not_found</c>.</summary>
    [ConfigurationKeyName("override_messages")]
    public IDictionary<string, TykMessageSettings> OverrideMessages { get; } = new Dictionary<string, TykMessageSettings>(StringComparer.Ordinal);

    /// <summary>Seconds until an upstream must have begun its answer, where a definition says nothing; 0 for none.</summary>
    [ConfigurationKeyName("proxy_default_timeout")]
    public double ProxyDefaultTimeout { get; set; }

    /// <summary>Accepted without effect: definitions come from the configuration directory.</summary>
    [ConfigurationKeyName("app_path")]
    public string? AppPath { get; set; }

    /// <summary>Accepted without effect: policies come from the configuration directory.</summary>
    [ConfigurationKeyName("policies")]
    public TykPolicySettings Policies { get; set; } = new();
}
