using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Tests.Catalog.Settings;

/// <summary>The settings that the contract and Tyk's table name, written out: each is known, bound, and has the default that was promised.</summary>
public sealed class KnownSettingsTests
{
    private const string Tyk = "Dialects:Tyk:";
    private const string Authlete = "Dialects:Authlete:";

    // Key, another value than the default, the default.
    private static readonly (string Key, string Value, object? Default)[] Settings =
    [
        ("Management:Secret", "s", null),
        ("Management:Secrets:0", "s", null),
        ("Management:Port", "9000", null),
        ("Storage:Provider", "sqlite", "sqlite"),
        ("Storage:Sqlite:Path", "elsewhere.db", "data/edgeauth.db"),
        ("Storage:Redis:Configuration", "redis.example:6380,password=p", "localhost:6379"),
        ("Storage:Redis:CertificateAuthorities", "ca.pem", null),
        ("Storage:Redis:Timeout", "250ms", TimeSpan.FromMilliseconds(500)),
        ("Storage:Redis:OutageGrace", "1m", TimeSpan.FromSeconds(10)),
        ("Storage:Redis:Prefix", "edge:", "ea:"),
        ("OAuth:AccessTokenLifetime", "2h", TimeSpan.FromHours(1)),
        ("OAuth:RefreshTokenLifetime", "7d", TimeSpan.FromDays(14)),
        ("OAuth:CodeLifetime", "50s", TimeSpan.FromSeconds(250)),
        ("OAuth:RefreshTokenGracePeriod", "5s", TimeSpan.Zero),
        ("OAuth:RevealClientSecrets", "false", true),
        ("OAuth:Scopes:0:Name", "read", null),
        ("OAuth:Scopes:0:Description", "Look at things", null),
        ("OAuth:Scopes:0:Attributes:0:Key", "access_token.duration", null),
        ("OAuth:Scopes:0:Attributes:0:Value", "600", null),
        ("Sessions:MaxStaleness", "500ms", TimeSpan.FromSeconds(0.9)),
        ("Limits:MaxWaiters", "5", 1024),
        ("Telemetry:LogFormat", "json", "plain"),
        ("Enforcement:Errors", "tyk", "rfc"),
        ("TrustedProxies:0", "10.0.0.0/8", null),
        ("Secrets:Key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", null),
        ("Secrets:PreviousKeys:0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", null),
        (Tyk + "Enabled", "false", true),
        (Tyk + "PathBase", "/admin", ""),
        (Tyk + "Host", "admin.example", null),
        (Tyk + "Port", "9001", null),
        (Tyk + "secret", "s", null),
        (Tyk + "control_api_port", "9002", 0),
        (Tyk + "control_api_hostname", "x", null),
        (Tyk + "oauth_token_expire", "60", 0L),
        (Tyk + "oauth_refresh_token_expire", "60", 0L),
        (Tyk + "oauth_token_expired_retain_period", "60", null),
        (Tyk + "oauth_redirect_uri_separator", ";", ""),
        (Tyk + "oauth_error_status_code", "403", 0),
        (Tyk + "hash_keys", "true", null),
        (Tyk + "hash_key_function", "murmur64", null),
        (Tyk + "enable_hashed_keys_listing", "true", false),
        (Tyk + "allow_master_keys", "true", false),
        (Tyk + "min_token_length", "5", 0),
        (Tyk + "rate_limit_response_headers", "rate_limits", "quotas"),
        (Tyk + "enable_redis_rolling_limiter", "true", null),
        (Tyk + "enable_sentinel_rate_limiter", "true", null),
        (Tyk + "enable_fixed_window_rate_limiter", "true", null),
        (Tyk + "enable_non_transactional_rate_limiter", "true", null),
        (Tyk + "drl_threshold", "5", null),
        (Tyk + "drl_notification_frequency", "2", null),
        (Tyk + "enforce_org_quotas", "true", false),
        (Tyk + "local_session_cache:disable_cached_session_state", "true", null),
        (Tyk + "force_global_session_lifetime", "true", false),
        (Tyk + "global_session_lifetime", "60", 0L),
        (Tyk + "session_lifetime_respects_key_expiration", "true", false),
        (Tyk + "http_server_options:enable_strict_routes", "false", true),
        (Tyk + "http_server_options:enable_path_prefix_matching", "true", false),
        (Tyk + "http_server_options:enable_path_suffix_matching", "true", false),
        (Tyk + "http_server_options:xff_depth", "1", null),
        (Tyk + "hide_generator_header", "true", null),
        (Tyk + "close_connections", "true", null),
        (Tyk + "health_check:enable_health_checks", "true", false),
        (Tyk + "health_check:health_check_value_timeouts", "30", 0),
        (Tyk + "proxy_default_timeout", "5", 0.0),
        (Tyk + "app_path", "x", null),
        (Tyk + "policies:policy_source", "file", null),
        (Tyk + "policies:policy_record_name", "x", null),
        (Tyk + "policies:policy_path", "x", null),
        (Authlete + "Enabled", "true", false),
        (Authlete + "PathBase", "/authlete", ""),
        (Authlete + "Host", "authlete.example", null),
        (Authlete + "Port", "9003", null),
        (Authlete + "RequireTls", "true", false),
        (Authlete + "Services:10738933707579:Secret", "s", null),
        (Authlete + "Services:10738933707579:Realm", "gateway", null),
    ];

    public static TheoryData<string> DurationKeys => [.. Durations(typeof(EdgeAuthOptions), "")];

    [Fact]
    public async Task EverySetting_IsKnown_TogetherWithAllOthers()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("config"));

        var run = await CheckRun.OfAsync(folder.File("config"), [.. Settings.Select(static setting => $"--EdgeAuth:{setting.Key}={setting.Value}")]);

        Assert.Empty(run.Errors);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void EverySetting_IsBound()
    {
        var options = Bind(Settings.Select(static setting => (setting.Key, setting.Value)));

        Assert.All(Settings, setting => Assert.Equal((setting.Key, setting.Value.ToUpperInvariant()), (setting.Key, Text(Read(options, setting.Key)).ToUpperInvariant())));
    }

    [Fact]
    public void EverySetting_HasItsDefault()
    {
        var options = new EdgeAuthOptions();

        Assert.All(Settings, setting => Assert.Equal((setting.Key, setting.Default), (setting.Key, Read(options, setting.Key) is Duration duration ? duration.Value : Read(options, setting.Key))));
    }

    [Fact]
    public async Task MisspeltSetting_NamesTheNearest_WhereverItStands()
    {
        foreach (var (key, _, _) in Settings.Where(static setting => !setting.Key.Contains(":0", StringComparison.Ordinal) && !setting.Key.Contains(":Services:", StringComparison.Ordinal)))
        {
            var name = key.Split(':')[^1];
            if (name.Length < 4)
            {
                continue;
            }

            // Two letters changed places.
            var misspelt = key[..^name.Length] + name[..1] + name[2] + name[1] + name[3..];
            var run = name[1] == name[2] ? null : await CheckRun.OfAsync(Repository.Path("config"), $"--EdgeAuth:{misspelt}=x");

            if (run is not null)
            {
                Assert.Equal($"error gateway.json $.EdgeAuth.{misspelt.Replace(':', '.')}: is not a known key; did you mean {name}?", Assert.Single(run.Errors));
            }
        }
    }

    [Theory]
    [MemberData(nameof(DurationKeys))]
    public void EveryDuration_TakesEveryForm(string key)
    {
        (string Text, TimeSpan Meaning)[] forms =
        [
            ("500ms", TimeSpan.FromMilliseconds(500)), ("90s", TimeSpan.FromSeconds(90)), ("1h30m", TimeSpan.FromMinutes(90)), ("14d", TimeSpan.FromDays(14)), ("00:15:00", TimeSpan.FromMinutes(15)), ("250", TimeSpan.FromSeconds(250)),
        ];

        Assert.All(forms, form => Assert.Equal(form.Meaning, ((Duration)Read(Bind([(key, form.Text)]), key)!).Value));
        Assert.ThrowsAny<InvalidOperationException>(() => Bind([(key, "soon")]));
    }

    [Fact]
    public void Durations_AreFoundWhereTheyAre() => Assert.Superset(
        new HashSet<string>(["OAuth:AccessTokenLifetime", "OAuth:CodeLifetime", "Sessions:MaxStaleness", "Limits:LeaseIdle"], StringComparer.Ordinal),
        Durations(typeof(EdgeAuthOptions), "").ToHashSet(StringComparer.Ordinal));

    private static EdgeAuthOptions Bind(IEnumerable<(string Key, string Value)> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(static setting => setting.Key, static setting => (string?)setting.Value))
        .Build()
        .Get<EdgeAuthOptions>()!;

    // What stands at a path; null beyond the end of a list.
    private static object? Read(object options, string path) => path.Split(':').Aggregate((object?)options, static (at, name) => at switch
    {
        IDictionary services => services[name],
        IList list => int.Parse(name, CultureInfo.InvariantCulture) < list.Count ? list[int.Parse(name, CultureInfo.InvariantCulture)] : null,
        null => null,
        _ => at.GetType().GetProperties().Single(property => Key(property) == name).GetValue(at),
    });

    private static IEnumerable<string> Durations(Type type, string path) => type.GetProperties().SelectMany(property =>
        property.PropertyType == typeof(Duration) ? [path + Key(property)]
        : property.PropertyType.Namespace!.StartsWith("EdgeAuth", StringComparison.Ordinal) ? Durations(property.PropertyType, path + Key(property) + ":")
        : []);

    private static string Key(PropertyInfo property) => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;

    private static string Text(object? value) => value is Duration or string ? value.ToString()! : JsonSerializer.Serialize(value);
}
