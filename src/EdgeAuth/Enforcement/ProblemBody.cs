using System.Text.Json.Serialization;

namespace EdgeAuth.Enforcement;

/// <summary>A problem of RFC 9457, with a stable code and Tyk's wording as extra members.</summary>
internal sealed record ProblemBody(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("status")] int Status,
    [property: JsonPropertyName("detail")] string Detail,
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("error")] string Error);
