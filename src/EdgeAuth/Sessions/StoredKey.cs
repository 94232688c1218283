using System.Text.Json.Serialization;

namespace EdgeAuth.Sessions;

/// <summary>A Key as stored under its hash: its Session and, for an OAuth access token, what it descends from.</summary>
internal sealed record StoredKey
{
    public required Session Session { get; init; }

    /// <summary>True for the session of an identity that JWTs name: it is found by a name that anyone can work out, and is no credential.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsIdentity { get; init; }

    /// <summary>
    /// True for what is left of a token that management ended: it is unknown to everybody, and its value stays taken until it is forgotten
    /// (spec/authlete.md 8).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsEnded { get; init; }

    /// <summary>Of one that was ended: the hash of the value that took its place; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReplacedBy { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>It counts only together with a certificate or a key, which cannot be checked here: it is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSenderConstrained { get; init; }

    /// <summary>The session is what the Grant's properties make it; false once anybody else has written it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RulesAreProperties { get; init; }

    /// <summary>The hash under which its limits are counted, where it took the place of another value; null for its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CountsUnder { get; init => field = string.IsNullOrEmpty(value) ? null : value; }

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
