using System.Text.Json;

namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>proxy.transport</c>: how the upstream is spoken to.</summary>
internal sealed record TransportSettings
{
    public bool SslInsecureSkipVerify { get; init; }

    public long SslMinVersion { get; init; }

    public long SslMaxVersion { get; init; }

    public JsonElement? SslCiphers { get; init; }

    public string ProxyUrl { get; init => field = value ?? ""; } = "";
}
