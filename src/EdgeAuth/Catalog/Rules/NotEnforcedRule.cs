using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>
/// Fields that are read and do nothing yet. A protection among them refuses the definition, since serving without it would open the API;
/// the others are warnings (spec/tyk.md j.2).
/// </summary>
internal sealed class NotEnforcedRule : DefinitionRule
{
    private const string Protection = "this protection is not enforced yet; remove it to serve without it";
    private const string NoEffect = "has no effect";

    /// <summary>True for a value that switches something on: anything but null, false, 0, empty, or an object whose switch is off.</summary>
    public static bool IsEnabled(JsonElement? element) => element is { } value && value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any()
            && (!TrySwitch(value, out var on) || on),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.True => true,
        _ => false,
    };

    protected override void Check(ApiDefinition definition, Reporter report)
    {
        foreach (var (path, isSet) in WithoutEffect(definition))
        {
            if (isSet)
            {
                report.Warning(path, NoEffect);
            }
        }

        foreach (var (name, _) in definition.AuthConfigs.Where(static pair => IsEnabled(pair.Value.Signature)))
        {
            report.Warning(JsonPath.Append("auth_configs", name) + ".signature", NoEffect);
        }

        foreach (var (name, version) in definition.VersionData.Versions)
        {
            CheckVersion(JsonPath.Append("version_data.versions", name), version, report);
        }
    }

    private static IEnumerable<(string Path, bool IsSet)> WithoutEffect(ApiDefinition definition) =>
    [
        ("listen_port", definition.ListenPort != 0),
        ("protocol", definition.Protocol is not ("" or "http" or "https")),
        ("domain", definition.Domain.Length > 0),
        ("uptime_tests", HasMembers(definition.UptimeTests)),
        ("proxy.check_host_against_uptime_tests", definition.Proxy.CheckHostAgainstUptimeTests),
        ("proxy.service_discovery", IsEnabledBlock(definition.Proxy.ServiceDiscovery, "use_discovery_service")),
        ("proxy.transport.ssl_min_version", definition.Proxy.Transport.SslMinVersion != 0),
        ("proxy.transport.ssl_max_version", definition.Proxy.Transport.SslMaxVersion != 0),
        ("proxy.transport.ssl_ciphers", IsEnabled(definition.Proxy.Transport.SslCiphers)),
        ("cache_options", IsEnabledBlock(definition.CacheOptions, "enable_cache")),
        ("event_handlers", IsEnabledBlock(definition.EventHandlers, "events")),
        ("custom_middleware", HasMembers(definition.CustomMiddleware)),
        ("custom_middleware_bundle", IsEnabled(definition.CustomMiddlewareBundle)),
        ("response_processors", IsEnabled(definition.ResponseProcessors)),
        ("graphql", IsEnabledBlock(definition.Graphql, "enabled")),
        ("enable_batch_request_support", definition.EnableBatchRequestSupport),
        ("auth_provider", HasMembers(definition.AuthProvider)),
        ("session_provider", HasMembers(definition.SessionProvider)),
        ("openid_options", HasMembers(definition.OpenidOptions)),
        ("client_certificates", IsEnabled(definition.ClientCertificates)),
        ("hmac_allowed_algorithms", IsEnabled(definition.HmacAllowedAlgorithms)),
        ("hmac_allowed_clock_skew", definition.HmacAllowedClockSkew != 0),
        ("auth.signature", IsEnabled(definition.Auth?.Signature)),
        ("scopes.oidc", IsEnabled(definition.Scopes?.Oidc)),
        ("upstream_certificates", IsEnabled(definition.UpstreamCertificates)),
        ("pinned_public_keys", IsEnabled(definition.PinnedPublicKeys)),
        ("request_signing", IsEnabledBlock(definition.RequestSigning, "is_enabled")),
        ("analytics_plugin", IsEnabled(definition.AnalyticsPlugin)),
        ("upstream_auth", IsEnabled(definition.UpstreamAuth)),
        ("error_overrides", IsEnabled(definition.ErrorOverrides)),
        ("custom_error_messages", IsEnabled(definition.CustomErrorMessages)),
    ];

    private static void CheckVersion(string path, VersionInfo version, Reporter report)
    {
        var extended = version.UseExtendedPaths ? version.ExtendedPaths : new ExtendedPaths();
        foreach (var (field, isSet) in new[]
        {
            ("extended_paths.internal", IsEnabled(extended.Internal)),
            ("extended_paths.virtual", IsEnabled(extended.Virtual)),
            ("extended_paths.validate_json", IsEnabled(extended.ValidateJson)),
            ("extended_paths.validate_request", IsEnabled(extended.ValidateRequest)),
        })
        {
            if (isSet)
            {
                report.Error($"{path}.{field}", Protection);
            }
        }

        if (!version.UseExtendedPaths && JsonPath.Find(report.Document, path + ".extended_paths") is { } unused && HasMembers(unused))
        {
            report.Warning(path + ".extended_paths", "has no effect without use_extended_paths: true");
        }

        foreach (var (field, isSet) in new[]
        {
            ("extended_paths.transform_headers", IsEnabled(extended.TransformHeaders)),
            ("extended_paths.transform_response_headers", IsEnabled(extended.TransformResponseHeaders)),
            ("extended_paths.transform", IsEnabled(extended.Transform)),
            ("extended_paths.transform_response", IsEnabled(extended.TransformResponse)),
            ("extended_paths.url_rewrites", IsEnabled(extended.UrlRewrites)),
            ("extended_paths.cache", IsEnabled(extended.Cache)),
            ("extended_paths.circuit_breakers", IsEnabled(extended.CircuitBreakers)),
            ("extended_paths.method_transforms", IsEnabled(extended.MethodTransforms)),
        })
        {
            if (isSet)
            {
                report.Warning($"{path}.{field}", NoEffect);
            }
        }
    }

    private static bool TrySwitch(JsonElement value, out bool on)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name is "enabled" or "enable" && member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                on = member.Value.GetBoolean();
                return true;
            }
        }

        on = false;
        return false;
    }

    private static bool IsEnabledBlock(JsonElement? block, string field) =>
        block is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(field, out var member) && IsEnabled(member);

    // True when any member, however deep, is switched on.
    private static bool HasMembers(JsonElement? element) => element is { } value && value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(static member => HasMembers(member.Value)),
        _ => IsEnabled(value),
    };
}
