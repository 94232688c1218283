using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Tyk's <c>health_check</c>.</summary>
public sealed class TykHealthCheckSettings
{
    /// <summary>Keep statistics of each API for <c>GET /tyk/health</c>.</summary>
    [ConfigurationKeyName("enable_health_checks")]
    public bool EnableHealthChecks { get; set; }

    /// <summary>Seconds that the statistics are averaged over; 0 is 60.</summary>
    [ConfigurationKeyName("health_check_value_timeouts")]
    public int HealthCheckValueTimeouts { get; set; }
}
