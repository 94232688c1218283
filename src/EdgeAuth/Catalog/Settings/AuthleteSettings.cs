using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Settings;

/// <summary>
/// The section <c>EdgeAuth:Dialects:Authlete</c>: where the dialect is mounted and who may call it (spec/authlete.md 8). The services act from the
/// next reload on; the mount needs a restart.
/// </summary>
public sealed class AuthleteSettings
{
    /// <summary>Serve the dialect.</summary>
    public bool Enabled { get; set; }

    /// <summary>A path before <c>/api/auth/token</c>; empty or <c>/</c> for none.</summary>
    public string PathBase { get; set => field = value ?? ""; } = "";

    /// <summary>Serve the dialect on this host name only.</summary>
    public string? Host { get; set; }

    // As the other ports, of one machine: no part of what nodes have in common.

    /// <summary>Serve the dialect on this local port only.</summary>
    [JsonIgnore]
    public int? Port { get; set; }

    /// <summary>Refuse calls that did not come over TLS.</summary>
    public bool RequireTls { get; set; }

    /// <summary>Services by API key; each takes its own secret only. An api_id, or <c>gateway</c>, that is not listed is a service by that name and takes the management secret.</summary>
    public IDictionary<string, AuthleteServiceSettings> Services { get; } = new Dictionary<string, AuthleteServiceSettings>(StringComparer.Ordinal);
}
