using System.Text.Json;

namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>scopes</c>: the policies of scopes, by authentication method (spec/tyk.md d.3).</summary>
internal sealed record ScopeSettings
{
    public ScopeMapping Jwt { get; init => field = value ?? new(); } = new();

    public JsonElement? Oidc { get; init; }
}
