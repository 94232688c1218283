using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Writing;

/// <summary>One thing that a management call changes, named without any credential.</summary>
/// <param name="Action"><c>added</c>, <c>modified</c>, <c>deleted</c> or <c>revoked</c>.</param>
/// <param name="Kind"><c>client</c>, <c>key</c>, <c>policy</c>, <c>api</c>, <c>org</c>, <c>token</c>, <c>refresh_token</c> or <c>grant</c>.</param>
/// <param name="Id">Its id; of keys and tokens the hash. <see cref="All"/> for all of them.</param>
/// <param name="ApiId">The API whose client it is, or belongs to.</param>
internal sealed record Change(
    string Action,
    string Kind,
    string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ApiId = null)
{
    /// <summary>Stands for everything of its kind that the client has.</summary>
    public const string All = "*";

    /// <summary>The client whose it is, where all of its kind are meant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>The id was made up for this call: another call, or the same one again, would have another.</summary>
    [JsonIgnore]
    public bool IsMadeUp { get; init; }

    public static Change Added(string kind, string id, string? api = null, bool madeUp = false) => new("added", kind, id, api) { IsMadeUp = madeUp };

    public static Change Modified(string kind, string id, string? api = null) => new("modified", kind, id, api);

    public static Change Deleted(string kind, string id, string? api = null) => new("deleted", kind, id, api);

    public static Change Revoked(string kind, string id, string? api = null) => new("revoked", kind, id, api);
}
