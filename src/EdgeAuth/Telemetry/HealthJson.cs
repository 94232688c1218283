using System.Text.Json.Serialization;

namespace EdgeAuth.Telemetry;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(HealthError))]
internal sealed partial class HealthJson : JsonSerializerContext;
