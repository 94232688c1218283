using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Sessions;

namespace EdgeAuth.Tests.Sessions;

/// <summary>
/// What spec e.2 to e.5 say of a session and its policies, worked out the slow way: everything that each API was given is collected first,
/// and the best of it taken afterwards.
/// </summary>
internal static class PolicyMergeModel
{
    /// <summary>The merged session, or the reason why there is none.</summary>
    public static (Session? Session, string? Failure) Merge(Session session, IReadOnlyDictionary<string, Policy> known, string? apiOrg)
    {
        var inline = session.MetaData?.TryGetValue("policies", out var list) == true ? list.Deserialize(DefinitionJson.Default.ListPolicy)! : [];
        var ids = inline.Count > 0 ? [.. inline.Select(static policy => policy.Id)] : session.PolicyIds;
        if (ids.Count == 0)
        {
            return (session with { AccessRights = session.AccessRights.ToDictionary(static right => right.Key, static right => IsZero(right.Value.Limit) ? right.Value : right.Value with { AllowanceScope = right.Key }) }, null);
        }

        var policies = inline.Count > 0 ? inline : [.. ids.Where(known.ContainsKey).Select(id => known[id])];
        if (ids.Count == 1 && policies.Count == 0)
        {
            return (null, $"policy not found: \"{ids[0]}\"");
        }

        if (FindFailure(policies, session, apiOrg) is { } failure)
        {
            return (null, failure);
        }

        var gifts = policies.SelectMany(static policy => policy.AccessRights.Select(right => new Gift(policy, right.Key, right.Value))).ToList();
        var granted = gifts.Where(static gift => gift.Gives(Part.Acl)).Select(static gift => gift.Api).ToHashSet();
        if (granted.Count == 0)
        {
            return (null, "key has no valid policies to be applied");
        }

        var own = SessionNumbers(session, policies);
        var grantors = granted.Select(api => gifts.Last(gift => gift.Api == api && gift.Gives(Part.Acl)).Grantor).ToHashSet();
        var rights = granted.ToDictionary(static api => api, api => Right(gifts.FindAll(gift => gift.Api == api), own, grantors.Count > 1));
        var limited = gifts.Where(static gift => gift.Gives(Part.Quota)).Select(static gift => gift.Api).ToHashSet();
        if (limited is { Count: 1 } && limited.SetEquals(Given(Part.Rate)) && limited.SetEquals(Given(Part.Depth)) && granted.Contains(limited.First()))
        {
            own = rights[limited.First()].Limit!;
        }

        return (session with
        {
            Rate = own.Rate,
            Per = own.Per,
            ThrottleInterval = own.ThrottleInterval,
            ThrottleRetryLimit = own.ThrottleRetryLimit,
            QuotaMax = own.QuotaMax,
            QuotaRenewalRate = own.QuotaRenewalRate,
            QuotaRemaining = policies.Exists(static policy => Governs(policy, Part.Quota)) ? 0 : session.QuotaRemaining,
            MaxQueryDepth = own.MaxQueryDepth,
            AccessRights = rights,
            IsInactive = policies.Exists(static policy => policy.IsInactive),
            Tags = [.. session.Tags.Concat(policies.SelectMany(static policy => policy.Tags)).Distinct()],
            MetaData = policies.SelectMany(static policy => policy.MetaData ?? new Dictionary<string, JsonElement>())
                .Aggregate(new Dictionary<string, JsonElement>(session.MetaData ?? new Dictionary<string, JsonElement>()), static (data, member) =>
                {
                    data[member.Key] = member.Value;
                    return data;
                }),
        }, null);

        HashSet<string> Given(Part part) => [.. gifts.Where(gift => gift.Gives(part)).Select(static gift => gift.Api)];
    }

    private static string? FindFailure(List<Policy> policies, Session session, string? apiOrg)
    {
        for (var i = 0; i < policies.Count; i++)
        {
            var (policy, sofar) = (policies[i], policies[..(i + 1)]);
            if ((apiOrg is not null && policy.OrgId != apiOrg) || (session.OrgId.Length > 0 && policy.OrgId != session.OrgId))
            {
                return "attempting to apply policy from different organisation to key, skipping";
            }

            if (policy.Partitions.PerApi && IsPartitioned(policy))
            {
                return $"cannot apply policy {policy.Id} which has per_api and any of partitions set";
            }

            if (sofar.Exists(static other => other.Partitions.PerApi) && sofar.Exists(IsPartitioned))
            {
                return "cannot apply multiple policies when some have per_api set and some are partitioned";
            }
        }

        return null;
    }

    // The numbers of the session itself: cleared where a policy governs them, then raised by each policy that is not per_api.
    private static ApiLimit SessionNumbers(Session session, List<Policy> policies)
    {
        var rate = policies.Exists(static policy => Governs(policy, Part.Rate)) ? new ApiLimit() : new ApiLimit { Rate = session.Rate, Per = session.Per, ThrottleInterval = session.ThrottleInterval, ThrottleRetryLimit = session.ThrottleRetryLimit };
        var quota = new ApiLimit { QuotaMax = policies.Exists(static policy => Governs(policy, Part.Quota)) ? 0 : session.QuotaMax, QuotaRenewalRate = session.QuotaRenewalRate };
        var depth = new ApiLimit { MaxQueryDepth = policies.Exists(static policy => Governs(policy, Part.Depth)) ? 0 : session.MaxQueryDepth };
        foreach (var policy in policies.Where(static policy => !policy.Partitions.PerApi))
        {
            var (limit, copies) = (Numbers(policy), policy.AccessRights.Count == 0);
            rate = !Governs(policy, Part.Rate) ? rate : copies ? limit : Best(rate, [limit]);
            quota = !Governs(policy, Part.Quota) ? quota : copies ? limit : Best(quota, [limit]);
            depth = !Governs(policy, Part.Depth) ? depth : copies ? limit : Best(depth, [limit]);
        }

        return Join(rate, quota, depth);
    }

    private static AccessDefinition Right(List<Gift> gifts, ApiLimit session, bool severalGrantors)
    {
        var (rates, quotas, depths) = (Limits(Part.Rate), Limits(Part.Quota), Limits(Part.Depth));
        var grants = gifts.FindAll(static gift => gift.Gives(Part.Acl));
        var apart = grants.FindLast(static gift => gift.Policy.Partitions.PerApi);
        return new AccessDefinition
        {
            Versions = [.. grants.SelectMany(static gift => gift.Access.Versions).Distinct()],
            AllowedUrls =
            [
                .. grants.SelectMany(static gift => gift.Access.AllowedUrls).GroupBy(static url => url.Url)
                    .Select(static same => new AllowedUrl { Url = same.Key, Methods = [.. same.SelectMany(static url => url.Methods).Distinct()] }),
            ],
            Limit = Join(rates.Count > 0 ? Best(new(), rates) : session, quotas.Count > 0 ? Best(new(), quotas) : session, depths.Count > 0 ? Best(new(), depths) : session),
            AllowanceScope = apart?.Grantor ?? (severalGrantors ? grants[^1].Grantor : ""),
            Endpoints =
            [
                .. gifts.Where(static gift => gift.Gives(Part.Rate)).SelectMany(static gift => gift.Access.Endpoints ?? [])
                    .SelectMany(static endpoint => endpoint.Methods.Select(method => (endpoint.Path, Name: method.Name.ToUpperInvariant(), method.Limit)))
                    .GroupBy(static endpoint => (endpoint.Path, endpoint.Name))
                    .Select(static same => new EndpointAccess { Path = same.Key.Path, Methods = [new EndpointMethod { Name = same.Key.Name, Limit = Fastest(same.Select(static one => one.Limit)) }] }),
            ],
        };

        List<ApiLimit> Limits(Part part) => [.. gifts.Where(gift => gift.Gives(part)).Select(static gift => gift.Limit)];
    }

    // The best of what there was and what was given, part by part.
    private static ApiLimit Best(ApiLimit start, List<ApiLimit> given)
    {
        List<ApiLimit> all = [start, .. given];

        // Without a rate or a window a limit says nothing of the rate; below zero it is endless.
        var speaking = all.FindAll(static limit => limit.Rate < 0 || (limit.Rate > 0 && limit.Per > 0));
        var rate = speaking.Find(static limit => limit.Rate < 0) ?? speaking.MinBy(static limit => limit.Per / limit.Rate) ?? start;
        return new ApiLimit
        {
            Rate = rate.Rate,
            Per = rate.Per,
            ThrottleInterval = all.Max(static limit => limit.ThrottleInterval),
            ThrottleRetryLimit = all.Max(static limit => limit.ThrottleRetryLimit),
            QuotaMax = all.Exists(static limit => limit.QuotaMax < 0) ? -1 : all.Max(static limit => limit.QuotaMax),
            QuotaRenewalRate = all.Max(static limit => limit.QuotaRenewalRate),
            MaxQueryDepth = all.Exists(static limit => limit.MaxQueryDepth < 0) ? -1 : all.Max(static limit => limit.MaxQueryDepth),
        };
    }

    private static EndpointRate Fastest(IEnumerable<EndpointRate> rates) =>
        rates.OrderBy(static limit => limit.Rate < 0 ? -1 : limit.Per / limit.Rate).ThenByDescending(static limit => limit.Rate).First();

    private static ApiLimit Join(ApiLimit rate, ApiLimit quota, ApiLimit depth) => rate with { QuotaMax = quota.QuotaMax, QuotaRenewalRate = quota.QuotaRenewalRate, MaxQueryDepth = depth.MaxQueryDepth };

    private static ApiLimit Numbers(Policy policy) => new()
    {
        Rate = policy.Rate,
        Per = policy.Per,
        ThrottleInterval = policy.ThrottleInterval,
        ThrottleRetryLimit = policy.ThrottleRetryLimit,
        QuotaMax = policy.QuotaMax,
        QuotaRenewalRate = policy.QuotaRenewalRate,
        MaxQueryDepth = policy.MaxQueryDepth,
    };

    private static bool IsPartitioned(Policy policy) => policy.Partitions is { Quota: true } or { RateLimit: true } or { Acl: true } or { Complexity: true };

    private static bool Governs(Policy policy, Part part) => !IsPartitioned(policy) || part switch
    {
        Part.Acl => policy.Partitions.Acl,
        Part.Quota => policy.Partitions.Quota,
        Part.Rate => policy.Partitions.RateLimit,
        _ => policy.Partitions.Complexity,
    };

    private static bool IsZero(ApiLimit? limit) => limit is null || limit == new ApiLimit();

    private enum Part
    {
        Acl,
        Quota,
        Rate,
        Depth,
    }

    /// <summary>What one policy gives on one API.</summary>
    private sealed record Gift(Policy Policy, string Api, AccessDefinition Access)
    {
        private bool BringsItsOwn => Policy.Partitions.PerApi && !IsZero(Access.Limit);

        public string Grantor => BringsItsOwn ? Api : Policy.Id;

        public ApiLimit Limit => BringsItsOwn ? Access.Limit! : Numbers(Policy);

        public bool Gives(Part part) => Governs(Policy, part);
    }
}
