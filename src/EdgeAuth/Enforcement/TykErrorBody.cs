using System.Text.Json.Serialization;

namespace EdgeAuth.Enforcement;

/// <summary>Tyk's data plane error (spec/tyk.md d.2).</summary>
internal sealed record TykErrorBody([property: JsonPropertyName("error")] string Error);
