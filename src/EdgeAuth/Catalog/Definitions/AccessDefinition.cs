using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>What a session or policy grants on one API (spec/tyk.md c.2).</summary>
internal sealed record AccessDefinition
{
    public string ApiName { get; init => field = value ?? ""; } = "";

    public string ApiId { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string> Versions { get; init => field = value ?? []; } = [];

    public IReadOnlyList<AllowedUrl> AllowedUrls { get; init => field = Zero.List(value); } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? RestrictedTypes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? AllowedTypes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? FieldAccessRights { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DisableIntrospection { get; init; }

    /// <summary>Replaces every session-level limit on this API, if any of its numbers is not zero.</summary>
    public ApiLimit? Limit { get; init; }

    /// <summary>The counter that <see cref="Limit"/> uses; empty is the one shared by the key's APIs.</summary>
    public string AllowanceScope { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EndpointAccess>? Endpoints { get; init => field = value is null or { Count: 0 } ? null : Zero.List(value); }

    /// <summary>The limit in force here, or null when the session's applies.</summary>
    [JsonIgnore]
    public ApiLimit? EffectiveLimit => Limit is { IsZero: false } ? Limit : null;
}
