using System.Collections.Frozen;
using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Settings;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>Every API and policy of one configuration generation. Immutable; swapped whole.</summary>
internal sealed class CompiledCatalog
{
    /// <summary>
    /// A hash of everything the generation was made from, but for the ports of this node: two generations with one hash are the same, on whatever
    /// machine and from whatever directory.
    /// </summary>
    public required string Hash { get; init; }

    /// <summary>Stands for this generation with those who outlive it and must not keep it in memory.</summary>
    public object Identity { get; } = new();

    public required GatewaySettings Settings { get; init; }

    public required IReadOnlyList<Problem> Warnings { get; init; }

    public FrozenDictionary<string, CompiledApi> Apis { get; internal set; } = FrozenDictionary<string, CompiledApi>.Empty;

    public required FrozenDictionary<string, Policy> Policies { get; init; }

    /// <summary>The gateway's own realm.</summary>
    public required RealmSettings GatewayRealm { get; init; }

    /// <summary>The issuer of that id; null for none.</summary>
    public RealmSettings? FindRealm(string id) => id is RealmSettings.Gateway ? GatewayRealm : Apis.GetValueOrDefault(id) is { IssuesTokens: true, Realm: { } realm } ? realm : null;

    /// <summary>Every definition as its file has it, those that are switched off too, by API id.</summary>
    public required IReadOnlyDictionary<string, JsonElement> ApiDocuments { get; init; }

    /// <summary>Every policy as its file has it, by id.</summary>
    public required IReadOnlyDictionary<string, JsonElement> PolicyDocuments { get; init; }

    public IReadOnlyList<RouteConfig> Routes { get; internal set; } = [];

    public IReadOnlyList<ClusterConfig> Clusters { get; internal set; } = [];
}
