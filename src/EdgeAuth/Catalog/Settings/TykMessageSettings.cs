using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>One of Tyk's <c>override_messages</c>.</summary>
public sealed class TykMessageSettings
{
    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("message")]
    public string? Message { get; set; }

    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("code")]
    public int? Code { get; set; }
}
