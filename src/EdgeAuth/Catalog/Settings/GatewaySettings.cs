using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Settings;

/// <summary>The settings that act with a generation: read anew on every reload and held by the compiled catalog.</summary>
internal sealed record GatewaySettings(OAuthOptions OAuth, EnforcementOptions Enforcement, ManagementOptions Management, TykSettings Tyk, AuthleteSettings Authlete)
{
    /// <summary>Every secret that management accepts.</summary>
    public IReadOnlyList<string> ManagementSecrets { get; } =
        [.. new[] { Management.Secret, Tyk.Secret }.Concat(Management.Secrets).Where(static secret => !string.IsNullOrEmpty(secret)).Select(static secret => secret!)];

    /// <summary>The port that management has for itself, if any.</summary>
    [JsonIgnore]
    public int? ManagementPort { get; } = Management.Port ?? (Tyk.ControlApiPort > 0 ? Tyk.ControlApiPort : null);
}
