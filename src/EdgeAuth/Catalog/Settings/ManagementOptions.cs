using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Who may manage, and where: the section <c>EdgeAuth:Management</c>.</summary>
public sealed class ManagementOptions
{
    /// <summary>The secret that management calls present. Without any secret every management call is refused.</summary>
    public string? Secret { get; set; }

    /// <summary>Further secrets that are valid at the same time, so that one can be replaced without a gap.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>Answer management on this port only, and nothing else there. A change needs a restart.</summary>
    // Of one machine: no part of what nodes have in common.
    [JsonIgnore]
    public int? Port { get; set; }
}
