using System.Text.Json.Serialization;

namespace EdgeAuth.Sessions;

/// <summary><c>basic_auth_data</c>: a non-empty password makes a key a user of the password grant. Stored hashed, shown empty.</summary>
internal sealed record BasicAuthData
{
    public string Password { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HashType { get; init => field = string.IsNullOrEmpty(value) ? null : value; }
}
