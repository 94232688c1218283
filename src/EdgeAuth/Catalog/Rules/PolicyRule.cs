using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>Policies have ids of their own and limits that mean something; one that can never apply is a warning (spec/tyk.md e.1, j.1, j.7).</summary>
internal sealed class PolicyRule : ICatalogRule
{
    public void Check(CatalogSource source, ProblemList problems)
    {
        var seen = new Dictionary<string, PolicySource>(StringComparer.Ordinal);
        var apis = source.Served.GroupBy(static definition => definition.Definition.ApiId, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First().Definition, StringComparer.Ordinal);
        foreach (var policy in source.Policies)
        {
            var (file, path, body) = policy;
            if (body.Id.Length == 0)
            {
                problems.Error(file, path + ".id", value: null, "is required");
            }
            else if (!seen.TryAdd(body.Id, policy))
            {
                problems.Error(file, path, body.Id, $"this policy id is used by {seen[body.Id].File} already");
            }

            CheckLimits(policy, problems);
            CheckUse(policy, apis, problems);
        }
    }

    private static void CheckLimits(PolicySource source, ProblemList problems)
    {
        const string Reason = "per must be greater than 0 when rate is set";
        var (file, path, policy) = source;
        if (policy is { Rate: > 0, Per: <= 0 })
        {
            problems.Error(file, path + ".per", policy.Per, Reason);
        }

        foreach (var (api, access) in policy.AccessRights)
        {
            var right = JsonPath.Append(path + ".access_rights", api);
            if (access.Limit is { Rate: > 0, Per: <= 0 } limit)
            {
                problems.Error(file, right + ".limit.per", limit.Per, Reason);
            }

            if (access.Endpoints?.Any(static endpoint => endpoint.Methods.Any(static method => method.Limit is { Rate: > 0, Per: <= 0 })) == true)
            {
                problems.Error(file, right + ".endpoints", value: null, Reason);
            }
        }
    }

    private static void CheckUse(PolicySource source, Dictionary<string, ApiDefinition> apis, ProblemList problems)
    {
        var (file, path, policy) = source;
        if (policy.Partitions is { PerApi: true, Any: true })
        {
            problems.Warning(file, path + ".partitions", value: null, "per_api together with quota, rate_limit, acl or complexity can never apply: keys with this policy are refused");
        }

        foreach (var api in policy.AccessRights.Keys)
        {
            if (!apis.TryGetValue(api, out var definition))
            {
                problems.Warning(file, JsonPath.Append(path + ".access_rights", api), value: null, "names an API that is not loaded");
            }
            else if (!string.Equals(definition.OrgId, policy.OrgId, StringComparison.Ordinal))
            {
                problems.Warning(file, $"{path}.org_id", policy.OrgId, $"differs from the org_id \"{definition.OrgId}\" of API {api}: keys with this policy are refused there");
            }
        }
    }
}
