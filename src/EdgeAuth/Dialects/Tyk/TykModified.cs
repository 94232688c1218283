using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Tyk's answer to a write.</summary>
internal sealed record TykModified(
    string Key,
    string Status,
    string Action,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KeyHash = null);
