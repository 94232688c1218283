namespace EdgeAuth.Catalog.Settings;

/// <summary>A scope that the gateway realm declares.</summary>
public sealed class ScopeOptions
{
    /// <summary>The scope (RFC 6749 section 3.3).</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>What it allows, for people.</summary>
    public string Description { get; set => field = value ?? ""; } = "";

    /// <summary><c>access_token.duration</c> and <c>refresh_token.duration</c>, seconds, bound the lifetimes of tokens with this scope.</summary>
    public IList<ScopeAttributeOptions> Attributes { get; } = [];
}
