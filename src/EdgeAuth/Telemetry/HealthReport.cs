using System.Text.Json.Serialization;

namespace EdgeAuth.Telemetry;

/// <summary>Liveness or readiness as Tyk reports it (spec/tyk.md f.5).</summary>
internal sealed record HealthReport(string Status, string Version, string Description, IReadOnlyDictionary<string, HealthItem> Details);

/// <summary>One thing that was looked at; <c>output</c> says what is wrong with it.</summary>
internal sealed record HealthItem(
    string Status,
    [property: JsonPropertyName("componentType")] string ComponentType,
    string Time,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Output = null);
