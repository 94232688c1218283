using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Tyk's <c>health_check</c>.</summary>
public sealed class TykHealthCheckSettings
{
    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("enable_health_checks")]
    public bool? EnableHealthChecks { get; set; }
}
