using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>One of Tyk's <c>override_messages</c> (spec/tyk.md d.2).</summary>
public sealed class TykMessageSettings
{
    /// <summary>The wording; empty for Tyk's.</summary>
    [ConfigurationKeyName("message")]
    public string? Message { get; set; }

    /// <summary>The status in <c>tyk</c> style; 0 for Tyk's. The <c>rfc</c> style keeps its own.</summary>
    [ConfigurationKeyName("code")]
    public int? Code { get; set; }
}
