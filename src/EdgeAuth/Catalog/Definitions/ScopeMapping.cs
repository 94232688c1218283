namespace EdgeAuth.Catalog.Definitions;

/// <summary>Which claim has the scopes, and the policy of each.</summary>
internal sealed record ScopeMapping
{
    public string ScopeClaimName { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, string> ScopeToPolicy { get; init => field = Zero.TextMap(value); } = Zero.TextMap(null);
}
