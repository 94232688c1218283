using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>Who a JWT says it is for, and the session that this is worth.</summary>
/// <param name="Catalog">The generation whose policies are meant.</param>
/// <param name="OrgId">The organisation of the API asked for.</param>
/// <param name="Name">The identity claim.</param>
/// <param name="Policies">The policies of the token, in their order; all of them are there and of the organisation.</param>
/// <param name="Expires">The token's <c>exp</c> in Unix seconds, rounded up; null when it has none.</param>
internal sealed record JwtIdentity(CompiledCatalog Catalog, string OrgId, string Name, IReadOnlyList<Policy> Policies, long? Expires)
{
    public IReadOnlyList<string> PolicyIds => [.. Policies.Select(static policy => policy.Id)];
}
