using EdgeAuth.Catalog.Reading;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>Remembers the settings that only a restart can change, and tells a reload that finds them changed.</summary>
internal sealed class RestartSettings(IConfiguration started, ConfigurationSource source)
{
    /// <summary>What is said of a setting that has changed.</summary>
    public const string Reason = "has changed and needs a restart to take effect";

    private static readonly string[] Sections =
    [
        "EdgeAuth:Catalog", "EdgeAuth:Storage", "EdgeAuth:Sessions", "EdgeAuth:Limits", "EdgeAuth:Telemetry", "EdgeAuth:Secrets",
        "EdgeAuth:TrustedProxies", "EdgeAuth:Transport", "EdgeAuth:Management:Port", "EdgeAuth:Dialects:Tyk:control_api_port", "EdgeAuth:Dialects:Tyk:Enabled",
        "EdgeAuth:Dialects:Tyk:PathBase", "EdgeAuth:Dialects:Tyk:Host", "EdgeAuth:Dialects:Tyk:Port", "EdgeAuth:Dialects:Authlete:Enabled",
        "EdgeAuth:Dialects:Authlete:PathBase", "EdgeAuth:Dialects:Authlete:Host", "EdgeAuth:Dialects:Authlete:Port", "urls", "Kestrel",
    ];

    private readonly Dictionary<string, string?> _started = Collect(started);

    public void Check(ProblemList problems)
    {
        if (!source.OwnsReverseProxy)
        {
            return;
        }

        var now = Collect(source.Read(source.Directory.Read(new ProblemList()), new ProblemList()));
        foreach (var key in _started.Keys.Union(now.Keys, StringComparer.OrdinalIgnoreCase))
        {
            if (!string.Equals(_started.GetValueOrDefault(key), now.GetValueOrDefault(key), StringComparison.Ordinal))
            {
                problems.Warning(ProblemList.ConfigurationFile, "$." + key.Replace(':', '.'), value: null, Reason);
            }
        }
    }

    private static Dictionary<string, string?> Collect(IConfiguration configuration) =>
        Sections.SelectMany(section => configuration.GetSection(section).AsEnumerable())
            .Where(static pair => pair.Value is not null)
            .ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.OrdinalIgnoreCase);
}
