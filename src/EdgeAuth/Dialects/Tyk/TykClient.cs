using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Tyk's NewClientRequest (spec/tyk.md a.1): read with all its members, answered without <c>api_id</c>.</summary>
internal sealed record TykClient
{
    public string ClientId { get; init => field = value ?? ""; } = "";

    public string RedirectUri { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApiId { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PolicyId { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    public string Secret { get; init => field = value ?? ""; } = "";

    public JsonElement? MetaData { get; init; }

    public string Description { get; init => field = value ?? ""; } = "";
}
