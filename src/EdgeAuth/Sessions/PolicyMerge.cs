using System.Text.Json;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>Merges policies into a Session, exactly as spec/tyk.md e.3 and e.4 say.</summary>
internal static class PolicyMerge
{
    /// <summary>The member of <c>meta_data</c> whose policies replace those named by id.</summary>
    public const string InlinePolicies = "policies";

    /// <param name="session">The key's own session.</param>
    /// <param name="find">Looks a policy up by id.</param>
    /// <param name="apiOrg">The organisation of the API asked for; null when the merge is not for an API.</param>
    public static MergeResult Apply(Session session, Func<string, Policy?> find, string? apiOrg)
    {
        if (!TryReadInline(session, out var inline))
        {
            return MergeResult.Fail("meta_data.policies is not a list of policies");
        }

        var ids = inline is null ? session.PolicyIds : [.. inline.Select(static policy => policy.Id)];
        if (ids.Count == 0)
        {
            return MergeResult.Ok(WithOwnScopes(session));
        }

        var merge = new PolicyMergeState(session);
        for (var i = 0; i < ids.Count; i++)
        {
            var policy = inline is null ? find(ids[i]) : inline[i];
            if (policy is null)
            {
                if (ids.Count > 1)
                {
                    continue;
                }

                return MergeResult.Fail($"policy not found: \"{ids[i]}\"");
            }

            merge.Clear(policy);
        }

        for (var i = 0; i < ids.Count; i++)
        {
            var policy = inline is null ? find(ids[i]) : inline[i];
            if (policy is not null && (CheckOrganisation(policy, session, apiOrg) ?? merge.Add(policy)) is { } failure)
            {
                return MergeResult.Fail(failure);
            }
        }

        return merge.Finish();
    }

    // Client-supplied scopes are replaced for every API that has a limit of its own (spec/tyk.md c.2, e.4).
    private static Session WithOwnScopes(Session session)
    {
        if (!session.AccessRights.Any(static right => right.Value.EffectiveLimit is not null && !string.Equals(right.Value.AllowanceScope, right.Key, StringComparison.Ordinal)))
        {
            return session;
        }

        return session with
        {
            AccessRights = session.AccessRights.ToDictionary(
                static right => right.Key,
                static right => right.Value.EffectiveLimit is null ? right.Value : right.Value with { AllowanceScope = right.Key },
                StringComparer.Ordinal),
        };
    }

    private static string? CheckOrganisation(Policy policy, Session session, string? apiOrg)
    {
        var foreignToApi = apiOrg is not null && !string.Equals(policy.OrgId, apiOrg, StringComparison.Ordinal);
        var foreignToKey = session.OrgId.Length > 0 && !string.Equals(policy.OrgId, session.OrgId, StringComparison.Ordinal);
        return foreignToApi || foreignToKey ? "attempting to apply policy from different organisation to key, skipping" : null;
    }

    private static bool TryReadInline(Session session, out List<Policy>? policies)
    {
        policies = null;
        if (session.MetaData?.TryGetValue(InlinePolicies, out var element) != true)
        {
            return true;
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        try
        {
            policies = element.Deserialize(DefinitionJson.Default.ListPolicy);
            if (policies is null || policies.Contains(null!))
            {
                return false;
            }

            // An empty list replaces nothing: a key must not lose its policies, and with them every limit, to it.
            policies = policies.Count > 0 ? policies : null;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
