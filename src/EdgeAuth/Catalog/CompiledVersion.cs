using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog;

/// <summary>A version of an API with everything a request needs worked out (spec/tyk.md g, VersionInfo).</summary>
internal sealed class CompiledVersion
{
    public required string Name { get; init; }

    /// <summary>Null when it does not end.</summary>
    public required Expiry? Expiry { get; init; }

    /// <summary>Null when every path goes its way.</summary>
    public required PathGate? Paths { get; init; }

    /// <summary>Null when a body may have any size.</summary>
    public required SizeLimits? Sizes { get; init; }

    /// <summary>Null when the upstream may take its time.</summary>
    public required UpstreamDeadlines? Deadlines { get; init; }

    /// <summary>The upstream in place of the API's; null for the API's.</summary>
    public required string? Target { get; init; }

    /// <summary>Null when requests are forwarded with the fields they have.</summary>
    public required HeaderChanges? RequestHeaders { get; init; }

    /// <summary>Null when the upstream's answers are passed on with the fields they have.</summary>
    public required HeaderChanges? ResponseHeaders { get; init; }

    /// <summary>Null when nothing limits all callers together.</summary>
    public required ApiRates? Rates { get; init; }

    public static CompiledVersion Compile(string name, ApiDefinition definition, VersionInfo version, TykSettings settings) => new()
    {
        Name = name,
        Expiry = Expiry.Parse(version.Expires),
        Paths = PathGate.Compile(version, settings.HttpServerOptions),
        Sizes = SizeLimits.Compile(version, settings.HttpServerOptions),
        Deadlines = UpstreamDeadlines.Compile(version, settings.ProxyDefaultTimeout),
        Target = version.OverrideTarget.Length > 0 ? version.OverrideTarget : null,
        RequestHeaders = HeaderChanges.Compile(version.GlobalHeadersDisabled, version.GlobalHeaders, version.GlobalHeadersRemove),
        ResponseHeaders = HeaderChanges.Compile(version.GlobalResponseHeadersDisabled, version.GlobalResponseHeaders, version.GlobalResponseHeadersRemove),
        Rates = ApiRates.Compile(definition, version),
    };
}
