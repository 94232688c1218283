using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>The policies that a key shall have: a list, a single one, or both, the single one last (spec/tyk.md f.1).</summary>
internal sealed record TykKeyPolicies
{
    public string Policy { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string> ApplyPolicies { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> All => Policy.Length > 0 ? [.. ApplyPolicies, Policy] : ApplyPolicies;
}
