using EdgeAuth.Catalog.Settings;
using EdgeAuth.Limits;
using EdgeAuth.OAuth.Secrets;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Telemetry;

namespace EdgeAuth;

/// <summary>
/// Every key of the section <c>EdgeAuth</c>. To add a setting, add a property with its default to the options class of its folder; it is then
/// bound, known to the check for misspelt keys, and listed in <c>appsettings.sample.json</c> by the test that compares the two.
/// </summary>
public sealed class EdgeAuthOptions
{
    /// <summary>Where definitions are read from.</summary>
    public CatalogOptions Catalog { get; set; } = new();

    /// <summary>Who may manage, and where.</summary>
    public ManagementOptions Management { get; set; } = new();

    /// <summary>Where records and durable counters live.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>Defaults of every realm.</summary>
    public OAuthOptions OAuth { get; set; } = new();

    /// <summary>How sessions are kept.</summary>
    public SessionsOptions Sessions { get; set; } = new();

    /// <summary>How limits are counted.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>What the gateway tells of itself.</summary>
    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>How refusals look.</summary>
    public EnforcementOptions Enforcement { get; set; } = new();

    /// <summary>Addresses or networks of proxies in front, whose forwarding headers are believed.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>How connections are served.</summary>
    public TransportOptions Transport { get; set; } = new();

    /// <summary>The keys that wrap what must be decrypted again.</summary>
    public SecretsOptions Secrets { get; set; } = new();

    /// <summary>The management APIs that are served.</summary>
    public DialectsOptions Dialects { get; set; } = new();
}
