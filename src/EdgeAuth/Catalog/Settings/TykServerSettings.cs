using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Tyk's <c>http_server_options</c>.</summary>
public sealed class TykServerSettings
{
    /// <summary>True: a listen path matches whole segments. False: it is a prefix of text, as Tyk's default.</summary>
    [ConfigurationKeyName("enable_strict_routes")]
    public bool EnableStrictRoutes { get; set; } = true;

    /// <summary>Try <c>allowed_urls</c> from the start of the path, with and without the listen path.</summary>
    [ConfigurationKeyName("enable_path_prefix_matching")]
    public bool EnablePathPrefixMatching { get; set; }

    /// <summary>Require <c>allowed_urls</c> to match up to the end of the path.</summary>
    [ConfigurationKeyName("enable_path_suffix_matching")]
    public bool EnablePathSuffixMatching { get; set; }

    /// <summary>
    /// Which entry of <c>X-Forwarded-For</c> is the client, counted from the right; unset or 0: the last one that is no trusted proxy. Only requests of
    /// <c>EdgeAuth:TrustedProxies</c> are looked at.
    /// </summary>
    [ConfigurationKeyName("xff_depth")]
    public int? XffDepth { get; set; }
}
