using System.Text.Json.Serialization;

namespace EdgeAuth.Sessions;

/// <summary>A Key as stored under its hash: its Session and, for an OAuth access token, what it descends from.</summary>
internal sealed record StoredKey
{
    public required Session Session { get; init; }

    /// <summary>True for the session of an identity that JWTs name: it is found by a name that anyone can work out, and is no credential.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsIdentity { get; init; }

    /// <summary>The realm that issued it; null for a plain key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Realm { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The client it was issued to; null for a plain key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Its Grant; null for a plain key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GrantId { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The client's life it was issued under; null for a plain key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClientLife? Life { get; init; }
}
