using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Jwt;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>The keys of an API's JWTs can be used, and its tokens can get a policy (spec/tyk.md d.3, g). What the source is, no problem tells.</summary>
internal sealed class JwtRule : ICatalogRule
{
    private const long LongestSkew = 365 * 86400;

    public void Check(CatalogSource source, ProblemList problems)
    {
        var policies = source.Policies.GroupBy(static policy => policy.Policy.Id, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First().Policy, StringComparer.Ordinal);
        foreach (var api in source.Served.Where(static api => api.Definition is { EnableJwt: true, UseKeyless: false }))
        {
            var report = new DefinitionRule.Reporter(api, problems);
            CheckSource(api.Definition, report);
            CheckSkews(api.Definition, report);
            CheckPolicies(api.Definition, policies, report);
        }
    }

    private static void CheckSource(ApiDefinition definition, DefinitionRule.Reporter report)
    {
        if (definition.JwtSigningMethod is not ("" or "hmac" or "rsa" or "ecdsa"))
        {
            report.Warning("jwt_signing_method", "is not hmac, rsa or ecdsa and is taken as hmac");
        }

        if (definition.JwtSource.Length > 0 && JwtSource.Read(definition.JwtSource, JwtSettings.FamilyOf(definition), out var reason) is null)
        {
            report.Error("jwt_source", reason!);
        }

        CheckTexts(definition.JwtAllowedIssuers, "jwt_allowed_issuers", report);
        CheckTexts(definition.JwtAllowedAudiences, "jwt_allowed_audiences", report);
    }

    // An empty member would match a claim that is not there.
    private static void CheckTexts(IReadOnlyList<string> texts, string path, DefinitionRule.Reporter report)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(texts[i]))
            {
                report.Error($"{path}[{i}]", "may not be empty");
            }
        }
    }

    private static void CheckSkews(ApiDefinition definition, DefinitionRule.Reporter report)
    {
        foreach (var (path, seconds) in new[]
        {
            ("jwt_issued_at_validation_skew", definition.JwtIssuedAtValidationSkew),
            ("jwt_expires_at_validation_skew", definition.JwtExpiresAtValidationSkew),
            ("jwt_not_before_validation_skew", definition.JwtNotBeforeValidationSkew),
        })
        {
            if (seconds is < 0 or > LongestSkew)
            {
                report.Error(path, $"must be a number of seconds from 0 to {LongestSkew}");
            }
        }
    }

    private static void CheckPolicies(ApiDefinition definition, Dictionary<string, Policy> policies, DefinitionRule.Reporter report)
    {
        // A key of one's own has policies of its own.
        if (definition.JwtSource.Length == 0)
        {
            return;
        }

        var scopes = JwtSettings.ScopePoliciesOf(definition);
        if (definition is { JwtPolicyFieldName.Length: 0, JwtClientBaseField.Length: 0, JwtDefaultPolicies.Count: 0 } && scopes.Count == 0)
        {
            report.Warning("enable_jwt", definition.IdpClientIdMappingDisabled
                ? "has no source of a policy, so every token is refused: set jwt_policy_field_name, jwt_default_policies, jwt_client_base_field or scopes.jwt"
                : "has no source of a policy but the OAuth client that a token names: set jwt_policy_field_name, jwt_default_policies or scopes.jwt");
        }

        for (var i = 0; i < definition.JwtDefaultPolicies.Count; i++)
        {
            CheckPolicy(definition.JwtDefaultPolicies[i], $"jwt_default_policies[{i}]", definition, policies, report);
        }

        var mapping = definition.Scopes.Jwt.ScopeToPolicy.Count > 0 ? "scopes.jwt.scope_to_policy" : "jwt_scope_to_policy_mapping";
        foreach (var (scope, policy) in scopes)
        {
            CheckPolicy(policy, JsonPath.Append(mapping, scope), definition, policies, report);
        }
    }

    private static void CheckPolicy(string? id, string path, ApiDefinition definition, Dictionary<string, Policy> policies, DefinitionRule.Reporter report)
    {
        if (id is null || !policies.TryGetValue(id, out var policy))
        {
            report.Warning(path, "names a policy that is not loaded: tokens that need it are refused");
        }
        else if (!string.Equals(policy.OrgId, definition.OrgId, StringComparison.Ordinal))
        {
            report.Warning(path, $"names a policy of another organisation than this API's \"{definition.OrgId}\": tokens that need it are refused");
        }
    }
}
