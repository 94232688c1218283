using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Settings;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>
/// How settings, routes and clusters are written when they are hashed: by generated code. Metadata would have to be built for some hundred types
/// first, which takes longer than all else that a small configuration needs.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(GatewaySettings))]
[JsonSerializable(typeof(IReadOnlyList<RouteConfig>))]
[JsonSerializable(typeof(IReadOnlyList<ClusterConfig>))]
internal sealed partial class HashJson : JsonSerializerContext;
