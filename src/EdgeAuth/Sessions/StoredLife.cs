using System.Text.Json.Serialization;

namespace EdgeAuth.Sessions;

/// <summary>The part of a stored Client or Grant that a session load reads; the rest is its owner's affair.</summary>
internal sealed record StoredLife
{
    public ClientLife? Life { get; init; }

    /// <summary>Of a Client: the policy that its tokens get; empty for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string PolicyId { get; init => field = value ?? ""; } = "";
}
