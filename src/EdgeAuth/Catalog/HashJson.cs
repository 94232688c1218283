using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog;

/// <summary>How settings are written when a generation is hashed.</summary>
[JsonSerializable(typeof(GatewaySettings))]
internal sealed partial class HashJson : JsonSerializerContext;
