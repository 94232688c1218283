using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Sessions;

/// <summary>The merge of random policies into random sessions beside a model that was written from the spec alone.</summary>
public sealed class PolicyMergeProperties
{
    private static readonly string[] Apis = ["a", "b", "c"];

    // The times per request all differ, since the spec does not say which of equally fast limits wins.
    private static readonly (double Rate, double Per)[] Rates = [(0, 0), (-1, 0), (10, 60), (5, 10), (7, 1), (3, 1), (100, 1), (0, 60), (4, 0)];

    [Fact]
    public Task Merge_DoesWhatTheSpecSays() => Properties.HoldsAsync(Cases, 4000, static merge =>
    {
        var known = merge.Policies.ToDictionary(static policy => policy.Id, StringComparer.Ordinal);

        var result = PolicyMerge.Apply(merge.Session, known.GetValueOrDefault, merge.ApiOrg);
        var (expected, failure) = PolicyMergeModel.Merge(merge.Session, known, merge.ApiOrg);

        Assert.Equal(failure, result.Failure);
        Assert.Equal(expected is null ? null : Describe(expected), result.Session is null ? null : Describe(result.Session));
    }, Shorter);

    private static string Describe(Session session) => string.Join('\n', [
        $"rate {session.Rate}/{session.Per} throttle {session.ThrottleInterval}/{session.ThrottleRetryLimit} quota {session.QuotaMax}/{Renewal(session.QuotaMax, session.QuotaRenewalRate)} left {session.QuotaRemaining} depth {session.MaxQueryDepth}",
        $"inactive {session.IsInactive} tags {string.Join(',', session.Tags.Order(StringComparer.Ordinal))}",
        $"data {string.Join(',', (session.MetaData ?? new Dictionary<string, JsonElement>()).OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => $"{member.Key}={member.Value.GetRawText()}"))}",
        Rights(session),
    ]);

    private static string Rights(Session session) => string.Join('\n', session.AccessRights.OrderBy(static right => right.Key, StringComparer.Ordinal).Select(static right => $"{right.Key}: {Right(right.Value)}"));

    private static string Right(AccessDefinition right)
    {
        var limit = right.Limit ?? new ApiLimit();
        var urls = right.AllowedUrls.Select(static url => $"{url.Url}({string.Join(',', url.Methods)})");
        var endpoints = (right.Endpoints ?? []).SelectMany(static endpoint => endpoint.Methods.Select(method => $"{method.Name} {endpoint.Path} {method.Limit.Rate}/{method.Limit.Per}")).Order(StringComparer.Ordinal);
        return $"versions {string.Join(',', right.Versions)} urls {string.Join(' ', urls)} scope '{right.AllowanceScope}' rate {limit.Rate}/{limit.Per} throttle {limit.ThrottleInterval}/{limit.ThrottleRetryLimit} "
            + $"quota {limit.QuotaMax}/{Renewal(limit.QuotaMax, limit.QuotaRenewalRate)} depth {limit.MaxQueryDepth} endpoints {string.Join(' ', endpoints)}";
    }

    // How often an endless quota renews means nothing, and neither does how far below zero "never" lies.
    private static long Renewal(long max, long renewal) => max < 0 ? 0 : Math.Max(0, renewal);

    private static Gen<Case> Cases =>
        from policies in Policy("p0").Zip(Policy("p1")).Zip(Policy("p2").Zip(Policy("p3")))
        from ids in Gen.Elements("p0", "p1", "p2", "p3", "x").ListOf().Resize(4)
        from deprecated in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        from inline in Gen.Frequency((7, Gen.Constant(-1)), (1, Gen.Choose(0, 3)))
        from session in Sessions
        from apiOrg in Gen.Frequency((4, Gen.Constant<string?>("org1")), (3, Gen.Constant<string?>(null)), (1, Gen.Constant<string?>("org2")))
        let all = new[] { policies.Item1.Item1, policies.Item1.Item2, policies.Item2.Item1, policies.Item2.Item2 }
        let named = deprecated ? session with { ApplyPolicyId = ids.FirstOrDefault(), ApplyPolicies = [] } : session with { ApplyPolicies = [.. ids] }
        select new Case(inline < 0 ? named : WithInline(named, all[..inline]), all, apiOrg);

    private static Session WithInline(Session session, Policy[] policies) => session with
    {
        MetaData = new Dictionary<string, JsonElement>(session.MetaData ?? new Dictionary<string, JsonElement>()) { ["policies"] = JsonSerializer.SerializeToElement([.. policies], DefinitionJson.Default.ListPolicy) },
    };

    private static Gen<Session> Sessions =>
        from limit in Limits
        from rights in Rights(withEndpoints: false)
        from left in Gen.Choose(0, 5)
        from org in Gen.Elements("org1", "org1", "")
        from inactive in Gen.Elements(true, false)
        from tags in Tags
        from data in Data
        select new Session
        {
            Rate = limit.Rate,
            Per = limit.Per,
            ThrottleInterval = limit.ThrottleInterval,
            ThrottleRetryLimit = limit.ThrottleRetryLimit,
            QuotaMax = limit.QuotaMax,
            QuotaRenewalRate = limit.QuotaRenewalRate,
            QuotaRemaining = left,
            MaxQueryDepth = limit.MaxQueryDepth,
            AccessRights = rights,
            OrgId = org,
            IsInactive = inactive,
            Tags = tags,
            MetaData = data,
        };

    private static Gen<Policy> Policy(string id) =>
        from limit in Limits
        from rights in Rights(withEndpoints: true)
        from org in Gen.Frequency((15, Gen.Constant("org1")), (1, Gen.Constant("org2")))
        from kind in Gen.Frequency((5, Gen.Constant(0)), (4, Gen.Choose(1, 15)), (3, Gen.Constant(16)), (1, Gen.Choose(17, 31)))
        from inactive in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from tags in Tags
        from data in Data
        select new Policy
        {
            Id = id,
            OrgId = org,
            Rate = limit.Rate,
            Per = limit.Per,
            ThrottleInterval = limit.ThrottleInterval,
            ThrottleRetryLimit = limit.ThrottleRetryLimit,
            QuotaMax = limit.QuotaMax,
            QuotaRenewalRate = limit.QuotaRenewalRate,
            MaxQueryDepth = limit.MaxQueryDepth,
            AccessRights = rights,
            IsInactive = inactive,
            Tags = tags,
            MetaData = data,
            Partitions = new PolicyPartitions { Quota = (kind & 1) != 0, RateLimit = (kind & 2) != 0, Complexity = (kind & 4) != 0, Acl = (kind & 8) != 0, PerApi = (kind & 16) != 0 },
        };

    private static Gen<Dictionary<string, AccessDefinition>> Rights(bool withEndpoints) =>
        from apis in Gen.SubListOf(Apis)
        from rights in Access(withEndpoints).ArrayOf(apis.Count)
        select apis.Zip(rights).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);

    private static Gen<AccessDefinition> Access(bool withEndpoints) =>
        from versions in Gen.SubListOf("v1", "v2")
        from urls in (from url in Gen.Elements("/x", "/y", "/z") from methods in Gen.SubListOf("GET", "POST") select new AllowedUrl { Url = url, Methods = [.. methods] }).ListOf().Resize(3)
        from limit in Gen.Frequency((2, Gen.Constant<ApiLimit?>(null)), (1, Gen.Constant<ApiLimit?>(new ApiLimit())), (3, Limits.Select(static limit => (ApiLimit?)limit)))
        from scope in Gen.Elements("", "a", "p1")
        from endpoints in Endpoint.ListOf().Resize(withEndpoints ? 2 : 0)
        select new AccessDefinition { Versions = [.. versions], AllowedUrls = [.. urls], Limit = limit, AllowanceScope = scope, Endpoints = [.. endpoints] };

    private static Gen<EndpointAccess> Endpoint =>
        from path in Gen.Elements("/e", "/f")
        from method in Gen.Elements("GET", "get", "POST")
        from rate in Gen.Elements((-1, 1), (2, 1), (4, 2), (1, 3))
        select new EndpointAccess { Path = path, Methods = [new EndpointMethod { Name = method, Limit = new EndpointRate { Rate = rate.Item1, Per = rate.Item2 } }] };

    private static Gen<ApiLimit> Limits =>
        from rate in Gen.Elements(Rates)
        from throttle in Gen.Elements((0, 0), (1, 5), (2, 3))
        from quota in Gen.Elements(0, 0, -1, 50, 100)
        from renewal in Gen.Elements(0, -1, 60, 3600)
        from depth in Gen.Elements(0, -1, 3, 9)
        select new ApiLimit { Rate = rate.Rate, Per = rate.Per, ThrottleInterval = throttle.Item1, ThrottleRetryLimit = throttle.Item2, QuotaMax = quota, QuotaRenewalRate = renewal, MaxQueryDepth = depth };

    private static Gen<List<string>> Tags => Gen.SubListOf("s", "t", "u").Select(static tags => tags.ToList());

    private static Gen<Dictionary<string, JsonElement>> Data =>
        from names in Gen.SubListOf("m", "n")
        from value in Gen.Choose(1, 9)
        select names.ToDictionary(static name => name, _ => JsonElement.Parse($"{value}"), StringComparer.Ordinal);

    private static IEnumerable<Case> Shorter(Case merge) =>
        Properties.Shorter(merge.Session.ApplyPolicies.ToArray()).Select(ids => merge with { Session = merge.Session with { ApplyPolicies = ids } });

    private sealed record Case(Session Session, Policy[] Policies, string? ApiOrg)
    {
        public override string ToString() =>
            $"org {ApiOrg}, {JsonSerializer.Serialize(Session, SessionJson.Default.Session)} with\n" + string.Join('\n', Policies.Select(static policy => JsonSerializer.Serialize([policy], DefinitionJson.Default.ListPolicy)));
    }
}
