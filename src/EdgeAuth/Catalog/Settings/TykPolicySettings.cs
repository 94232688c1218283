using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Tyk's <c>policies</c>.</summary>
public sealed class TykPolicySettings
{
    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("policy_source")]
    public string? PolicySource { get; set; }

    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("policy_record_name")]
    public string? PolicyRecordName { get; set; }

    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("policy_path")]
    public string? PolicyPath { get; set; }
}
