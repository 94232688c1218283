namespace EdgeAuth.Catalog.Definitions;

/// <summary>A scope that an API's realm declares (spec/authlete.md 2.7, 8).</summary>
internal sealed record DeclaredScope
{
    /// <summary>RFC 6749 section 3.3.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    public string Description { get; init => field = value ?? ""; } = "";

    /// <summary><c>access_token.duration</c> and <c>refresh_token.duration</c>, seconds, bound the lifetimes of tokens with this scope.</summary>
    public IReadOnlyList<ScopeAttribute> Attributes { get; init => field = Zero.List(value); } = [];
}
