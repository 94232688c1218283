using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Tyk's <c>local_session_cache</c>.</summary>
public sealed class TykSessionCacheSettings
{
    /// <summary>Accepted without effect.</summary>
    [ConfigurationKeyName("disable_cached_session_state")]
    public bool? DisableCachedSessionState { get; set; }
}
