using System.Buffers;
using System.Net;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Rules;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>What the settings of a generation must satisfy beyond their types.</summary>
internal static class SettingsRules
{
    /// <summary>The ids of <c>override_messages</c>.</summary>
    public static IReadOnlyList<string> MessageIds { get; } =
    [
        "auth.auth_field_missing", "auth.key_not_found", "oauth.auth_field_missing", "oauth.auth_field_malformed", "oauth.key_not_found", "oauth.client_deleted",
    ];

    private const string NoPath = "must be empty or a path such as /admin, without spaces and any of ? # % { } *";

    private static readonly SearchValues<char> NotInPaths = SearchValues.Create(" ?#%{}*\\");

    /// <summary>Tyk's settings that are read and do nothing here, and why.</summary>
    public static IReadOnlyList<(string Key, string Reason)> WithoutEffect { get; } =
    [
        ("control_api_hostname", "management is told apart by EdgeAuth:Management:Port"),
        ("oauth_token_expired_retain_period", "lapsed tokens leave the lists by themselves"),
        ("hash_keys", "keys are always hashed"),
        ("hash_key_function", "keys are hashed with SHA-256"),
        ("enable_redis_rolling_limiter", "there is one rate limiter, exact and sliding"),
        ("enable_sentinel_rate_limiter", "there is one rate limiter, exact and sliding"),
        ("enable_fixed_window_rate_limiter", "there is one rate limiter, exact and sliding"),
        ("enable_non_transactional_rate_limiter", "there is one rate limiter, exact and sliding"),
        ("enable_rate_limit_smoothing", "there is one rate limiter, exact and sliding"),
        ("drl_threshold", "there is one rate limiter, exact and sliding"),
        ("drl_notification_frequency", "there is one rate limiter, exact and sliding"),
        ("local_session_cache", "changes to sessions act at once"),
        ("hide_generator_header", "no generator header is sent"),
        ("close_connections", "connections are kept by HTTP's own rules"),
        ("app_path", "definitions come from the configuration directory"),
        ("policies", "policies come from the configuration directory"),
    ];

    public static IEnumerable<(string Path, string? Value, string Reason)> Check(GatewaySettings settings)
    {
        if (settings.Enforcement.Errors is not ("rfc" or "tyk"))
        {
            yield return ("$.EdgeAuth.Enforcement.Errors", settings.Enforcement.Errors, "must be rfc or tyk");
        }

        if (settings.Tyk.HttpServerOptions.XffDepth is < 0 and var depth)
        {
            yield return ("$.EdgeAuth.Dialects.Tyk.http_server_options.xff_depth", depth.ToString(), "must be 0 or more");
        }

        foreach (var (path, value) in new[]
        {
            ("AccessTokenLifetime", settings.OAuth.AccessTokenLifetime),
            ("RefreshTokenLifetime", settings.OAuth.RefreshTokenLifetime),
            ("CodeLifetime", settings.OAuth.CodeLifetime),
        })
        {
            if (value.Value < TimeSpan.FromSeconds(1))
            {
                yield return ("$.EdgeAuth.OAuth." + path, value.ToString(), "must be at least 1s");
            }
        }

        if (settings.OAuth.SecretIterations < 1000)
        {
            yield return ("$.EdgeAuth.OAuth.SecretIterations", settings.OAuth.SecretIterations.ToString(), "must be at least 1000");
        }

        foreach (var (path, port) in new[]
        {
            ("Management.Port", settings.Management.Port),
            ("Dialects.Tyk.Port", settings.Tyk.Port),
            ("Dialects.Tyk.control_api_port", settings.Tyk.ControlApiPort == 0 ? (int?)null : settings.Tyk.ControlApiPort),
            ("Dialects.Authlete.Port", settings.Authlete.Port),
        })
        {
            if (port is < 1 or > 65535)
            {
                yield return ("$.EdgeAuth." + path, port.ToString(), "must be a port, 1 to 65535");
            }
        }

        foreach (var problem in CheckTyk(settings.Tyk).Concat(CheckAuthlete(settings.Authlete)).Concat(CheckMounts(settings)).Concat(CheckScopes(settings.OAuth)))
        {
            yield return problem;
        }
    }

    /// <summary>Each trusted proxy is an address or a network.</summary>
    public static IEnumerable<(string Path, string? Value, string Reason)> CheckProxies(IConfigurationSection proxies) =>
        from proxy in proxies.GetChildren()
        where !IPAddress.TryParse(proxy.Value, out _) && !IPNetwork.TryParse(proxy.Value, out _)
        select ($"$.EdgeAuth.TrustedProxies[{proxy.Key}]", proxy.Value, "must be an address or a network such as 10.0.0.0/8");

    private static IEnumerable<(string Path, string? Value, string Reason)> CheckTyk(TykSettings tyk)
    {
        const string Section = "$.EdgeAuth.Dialects.Tyk.";
        if (!IsPathBase(tyk.PathBase))
        {
            yield return (Section + "PathBase", tyk.PathBase, NoPath);
        }

        if (tyk.OAuthErrorStatusCode is not (0 or (>= 400 and <= 499)))
        {
            yield return (Section + "oauth_error_status_code", tyk.OAuthErrorStatusCode.ToString(), "must be 0 or a status from 400 to 499");
        }

        if (tyk.RateLimitResponseHeaders is not ("" or "quotas" or "rate_limits"))
        {
            yield return (Section + "rate_limit_response_headers", tyk.RateLimitResponseHeaders, "must be quotas or rate_limits");
        }

        foreach (var (id, message) in tyk.OverrideMessages)
        {
            if (!MessageIds.Contains(id, StringComparer.Ordinal))
            {
                yield return (Section + "override_messages." + id, id, "must be one of " + string.Join(", ", MessageIds));
            }

            if (message.Code is not (null or 0 or (>= 400 and <= 599)))
            {
                yield return ($"{Section}override_messages.{id}.code", message.Code.ToString(), "must be a status from 400 to 599, or 0 for Tyk's");
            }
        }

        foreach (var (name, value) in new[]
        {
            ("oauth_token_expire", tyk.OAuthTokenExpire),
            ("oauth_refresh_token_expire", tyk.OAuthRefreshTokenExpire),
            ("global_session_lifetime", tyk.GlobalSessionLifetime),
            ("min_token_length", tyk.MinTokenLength),
        })
        {
            if (value is < 0 or > int.MaxValue)
            {
                yield return (Section + name, value.ToString(), "must be 0 or more");
            }
        }

        if (tyk.HealthCheck.HealthCheckValueTimeouts is < 0 or > 3600)
        {
            yield return (Section + "health_check.health_check_value_timeouts", tyk.HealthCheck.HealthCheckValueTimeouts.ToString(), "must be a number of seconds up to 3600, 0 for 60");
        }

        if (tyk.ProxyDefaultTimeout is < 0 or > 1e6 or double.NaN)
        {
            yield return (Section + "proxy_default_timeout", tyk.ProxyDefaultTimeout.ToString(), "must be a number of seconds, 0 for none");
        }
    }

    private static IEnumerable<(string Path, string? Value, string Reason)> CheckAuthlete(AuthleteSettings authlete)
    {
        const string Section = "$.EdgeAuth.Dialects.Authlete.";
        if (!IsPathBase(authlete.PathBase))
        {
            yield return (Section + "PathBase", authlete.PathBase, NoPath);
        }

        foreach (var (key, service) in authlete.Services)
        {
            var path = JsonPath.Append(Section + "Services", key);
            if (key.Length == 0)
            {
                yield return (path, null, "must be the API key that the service's calls present, which is not empty");
            }

            if (string.IsNullOrEmpty(service?.Secret))
            {
                yield return (path + ".Secret", null, "is required: a service that is listed takes no other secret");
            }
        }
    }

    // Whatever lies below the root of a dialect is answered by it, what it does not serve too.
    private static IEnumerable<(string Path, string? Value, string Reason)> CheckMounts(GatewaySettings settings)
    {
        var (tyk, authlete) = (settings.Tyk, settings.Authlete);
        var (tykRoot, authleteRoot) = (ApiMounts.Trim(tyk.PathBase) + "/tyk", ApiMounts.Trim(authlete.PathBase) + "/api/auth/token");
        if (tyk.Enabled && authlete.Enabled
            && string.Equals(tyk.Host ?? "", authlete.Host ?? "", StringComparison.OrdinalIgnoreCase)
            && (tyk.Port ?? settings.ManagementPort) == (authlete.Port ?? settings.ManagementPort)
            && (ReservedPaths.IsInside(tykRoot, authleteRoot) || ReservedPaths.IsInside(authleteRoot, tykRoot)))
        {
            yield return (
                "$.EdgeAuth.Dialects.Authlete.PathBase",
                authlete.PathBase,
                $"lets two dialects collide, Authlete at {authleteRoot} and Tyk at {tykRoot}: give one of them another PathBase, Host or Port");
        }
    }

    private static IEnumerable<(string Path, string? Value, string Reason)> CheckScopes(OAuthOptions options)
    {
        var scopes = options.Scopes.Select(static scope => new DeclaredScope
        {
            Name = scope.Name,
            Attributes = [.. scope.Attributes.Select(static attribute => new ScopeAttribute { Key = attribute.Key, Value = attribute.Value })],
        });
        return ScopeRules.Check([.. scopes], static name => name).Select(static problem => ("$.EdgeAuth.OAuth.Scopes" + problem.Path, (string?)problem.Value, problem.Reason));
    }

    private static bool IsPathBase(string path) => path is "" or "/" || IsPath(path);

    private static bool IsPath(string path) =>
        path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal) && path.AsSpan().IndexOfAny(NotInPaths) < 0 && !path.Any(char.IsControl);
}
