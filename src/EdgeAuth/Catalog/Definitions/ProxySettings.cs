using System.Text.Json;

namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>proxy</c>: where an API is heard and where it is forwarded to.</summary>
internal sealed record ProxySettings
{
    public string ListenPath { get; init => field = value ?? ""; } = "";

    public string TargetUrl { get; init => field = value ?? ""; } = "";

    public bool StripListenPath { get; init; }

    public bool PreserveHostHeader { get; init; }

    public bool DisableStripSlash { get; init; }

    public bool EnableLoadBalancing { get; init; }

    public IReadOnlyList<string> TargetList { get; init => field = value ?? []; } = [];

    public bool CheckHostAgainstUptimeTests { get; init; }

    public JsonElement? ServiceDiscovery { get; init; }

    public TransportSettings Transport { get; init => field = value ?? new(); } = new();
}
