using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Settings;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>How settings, routes and clusters are written when they are hashed.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(GatewaySettings))]
[JsonSerializable(typeof(IReadOnlyList<RouteConfig>))]
[JsonSerializable(typeof(IReadOnlyList<ClusterConfig>))]
internal sealed partial class HashJson : JsonSerializerContext;
