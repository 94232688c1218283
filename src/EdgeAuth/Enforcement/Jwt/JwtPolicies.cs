using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Jwt;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>
/// Which policies a token gets (spec/tyk.md d.3): the one it claims, else the defaults, else its client's. Policies of scopes take the place of
/// defaults and are added to the others.
/// </summary>
internal static class JwtPolicies
{
    /// <param name="api">The API asked for.</param>
    /// <param name="settings">How it takes JWTs.</param>
    /// <param name="token">A token that was verified.</param>
    /// <param name="clientPolicy">The policy of the OAuth client that the token names; null for none.</param>
    /// <param name="policies">At least one, all of the API's organisation.</param>
    public static RefusalReason Choose(CompiledApi api, JwtSettings settings, JwtToken token, string? clientPolicy, out IReadOnlyList<Policy> policies)
    {
        var scopes = settings.ScopePolicies.Count > 0 ? JwtClaims.FindScopes(token.Claims, settings.ScopeClaim) : null;
        List<string> ids = (Claimed(settings, token) ?? (settings.DefaultPolicies.Count == 0 ? clientPolicy : null)) is { } one ? [one] : scopes is null ? [.. settings.DefaultPolicies] : [];
        foreach (var scope in scopes ?? [])
        {
            if (settings.ScopePolicies.TryGetValue(scope, out var mapped) && !ids.Contains(mapped, StringComparer.Ordinal))
            {
                ids.Add(mapped);
            }
        }

        policies = [];
        if (ids.Count == 0)
        {
            return RefusalReason.PolicyMissing;
        }

        // The first one must be there; of several, others that are gone are left out, as with keys (spec/tyk.md e.3).
        var known = ids.ConvertAll(api.Catalog.Policies.GetValueOrDefault);
        if (known[0] is null || known.Exists(policy => policy is not null && !string.Equals(policy.OrgId, api.OrgId, StringComparison.Ordinal)))
        {
            return RefusalReason.PolicyUnknown;
        }

        policies = [.. known.OfType<Policy>()];
        return RefusalReason.None;
    }

    /// <summary>The policy that the token itself names; null when it names none.</summary>
    public static string? Claimed(JwtSettings settings, JwtToken token) => JwtClaims.FindText(token.Claims, settings.PolicyClaim);
}
