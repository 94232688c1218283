using System.Text;
using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Sessions;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Each rule of spec e.3 to e.5 by itself. What management shows of a merge is tested with the keys of the dialect.</summary>
public sealed class PolicyMergeTests
{
    // Policies as maps of id to policy; "a", "b" are APIs with nothing but their names.
    private const string Plain = "\"plain\":{\"rate\":10,\"per\":60,\"quota_max\":100,\"quota_renewal_rate\":3600,\"access_rights\":{\"a\":{}}}";
    private const string AclOnB = "\"acl\":{\"partitions\":{\"acl\":true},\"access_rights\":{\"b\":{}}}";

    [Theory]
    [InlineData("clears what it governs, even if higher", """{"rate":1000,"per":1,"quota_max":-1,"apply_policies":["plain"]}""", Plain, "10/60 100/3600", "a 10/60 100/3600")]
    [InlineData("clears nothing that it does not govern", """{"rate":5,"per":1,"quota_max":7,"apply_policies":["acl"]}""", AclOnB, "5/1 7/0", "b 5/1 7/0")]
    [InlineData("an API with rights and no limits takes the session's", """{"apply_policies":["plain","acl"]}""", Plain + "," + AclOnB, "10/60 100/3600", "a(plain) 10/60 100/3600, b(acl) 10/60 100/3600")]
    [InlineData("an API with limits and no rights is dropped", """{"apply_policies":["quota","acl"]}""", "\"quota\":{\"partitions\":{\"quota\":true},\"quota_max\":5,\"access_rights\":{\"a\":{}}}," + AclOnB, "0/0 5/0", "b 0/0 5/0")]
    [InlineData("a rate without a window gives nothing", """{"apply_policies":["odd"]}""", "\"odd\":{\"rate\":4,\"access_rights\":{\"a\":{}}}", "0/0 0/0", "a 0/0 0/0")]
    [InlineData("a window without a rate gives nothing", """{"apply_policies":["odd","plain"]}""", "\"odd\":{\"per\":60,\"access_rights\":{\"a\":{}}}," + Plain, "10/60 100/3600", "a 10/60 100/3600")]
    [InlineData("an endless rate beats all", """{"apply_policies":["endless","plain"]}""", "\"endless\":{\"rate\":-1,\"quota_max\":-1,\"access_rights\":{\"a\":{}}}," + Plain, "-1/0 -1/3600", "a -1/0 -1/3600")]
    [InlineData("the shorter time per request wins, not the larger rate", """{"apply_policies":["slow","plain"]}""", "\"slow\":{\"rate\":50,\"per\":600,\"access_rights\":{\"a\":{}}}," + Plain, "10/60 100/3600", "a 10/60 100/3600")]
    [InlineData("never renewing loses", """{"apply_policies":["never","plain"]}""", "\"never\":{\"quota_max\":50,\"quota_renewal_rate\":-1,\"access_rights\":{\"a\":{}}}," + Plain, "10/60 100/3600", "a 10/60 100/3600")]
    [InlineData("a master policy fills the session", """{"apply_policies":["master","acl"]}""", "\"master\":{\"rate\":9,\"per\":3,\"quota_max\":90,\"quota_renewal_rate\":900}," + AclOnB, "9/3 90/900", "b 9/3 90/900")]
    [InlineData("the last of several master policies counts", """{"apply_policies":["master","second","acl"]}""", "\"master\":{\"rate\":9,\"per\":3,\"quota_max\":90},\"second\":{\"rate\":1,\"per\":3}," + AclOnB, "1/3 0/0", "b 1/3 0/0")]
    [InlineData("own rights are replaced", """{"access_rights":{"c":{}},"apply_policies":["plain"]}""", Plain, "10/60 100/3600", "a 10/60 100/3600")]
    [InlineData("unknown ids are skipped", """{"apply_policies":["x","plain","y"]}""", Plain, "10/60 100/3600", "a 10/60 100/3600")]
    [InlineData("the same policy twice is the policy", """{"apply_policies":["plain","plain"]}""", Plain, "10/60 100/3600", "a 10/60 100/3600")]
    [InlineData("a limit of an API counts only with per_api", """{"apply_policies":["p"]}""", "\"p\":{\"rate\":2,\"per\":1,\"access_rights\":{\"a\":{\"limit\":{\"rate\":1,\"per\":1}}}}", "2/1 0/0", "a 2/1 0/0")]
    [InlineData("per_api: the API's own limit, or the policy's numbers", """{"apply_policies":["p"]}""", "\"p\":{\"rate\":2,\"per\":1,\"partitions\":{\"per_api\":true},\"access_rights\":{\"a\":{\"limit\":{\"quota_max\":5}},\"b\":{\"limit\":{}}}}", "0/0 0/0", "a(a) 0/0 5/0, b(p) 2/1 0/0")]
    [InlineData("per_api: an endless quota does not renew", """{"apply_policies":["p","q"]}""", "\"p\":{\"quota_max\":-1,\"quota_renewal_rate\":9,\"partitions\":{\"per_api\":true},\"access_rights\":{\"a\":{}}},\"q\":{\"quota_max\":7,\"quota_renewal_rate\":8,\"partitions\":{\"per_api\":true},\"access_rights\":{\"a\":{}}}", "0/0 -1/0", "a(q) 0/0 -1/0")]
    [InlineData("no policies: a limit has the counter of its API", """{"access_rights":{"a":{"limit":{"quota_max":5},"allowance_scope":"mine"},"b":{"allowance_scope":"kept"},"c":{"limit":{"rate":0}}}}""", "", "0/0 0/0", "a(a) 0/0 5/0, b(kept), c 0/0 0/0")]
    [InlineData("an empty list of inline policies replaces nothing", """{"apply_policies":["plain"],"meta_data":{"policies":[]}}""", Plain, "10/60 100/3600", "a 10/60 100/3600")]
    public void Rule_Holds(string rule, string session, string policies, string expected, string rights)
    {
        var merged = Merge(session, policies).Session;

        Assert.True(merged is not null, rule);
        Assert.Equal(expected, $"{merged.Rate}/{merged.Per} {merged.QuotaMax}/{merged.QuotaRenewalRate}");
        Assert.Equal(rights, string.Join(", ", merged.AccessRights.OrderBy(static right => right.Key, StringComparer.Ordinal).Select(static right =>
            right.Key + (right.Value.AllowanceScope.Length > 0 ? $"({right.Value.AllowanceScope})" : "")
            + (right.Value.Limit is { } limit ? $" {limit.Rate}/{limit.Per} {limit.QuotaMax}/{limit.QuotaRenewalRate}" : ""))));
    }

    [Theory]
    [InlineData("""{"apply_policies":["x"]}""", "", null, "policy not found: \"x\"")]
    [InlineData("""{"apply_policies":["x"],"access_rights":{"a":{}}}""", "", null, "policy not found: \"x\"")]
    [InlineData("""{"apply_policies":["x","y"],"access_rights":{"a":{}}}""", "", null, "key has no valid policies to be applied")]
    [InlineData("""{"apply_policies":["master"],"access_rights":{"a":{}}}""", "\"master\":{\"rate\":1,\"per\":1}", null, "key has no valid policies to be applied")]
    [InlineData("""{"apply_policies":["part"]}""", "\"part\":{\"partitions\":{\"quota\":true},\"access_rights\":{\"a\":{}}}", null, "key has no valid policies to be applied")]
    [InlineData("""{"apply_policies":["each"]}""", "\"each\":{\"partitions\":{\"per_api\":true}}", null, "key has no valid policies to be applied")]
    [InlineData("""{"apply_policies":["plain"]}""", Plain, "org1", "attempting to apply policy from different organisation to key, skipping")]
    [InlineData("""{"apply_policies":["plain"],"org_id":"org1"}""", Plain, null, "attempting to apply policy from different organisation to key, skipping")]
    [InlineData("""{"apply_policies":["x"],"meta_data":{"policies":[{"id":"in","org_id":"org2","access_rights":{"a":{}}}]}}""", "", "org1", "attempting to apply policy from different organisation to key, skipping")]
    [InlineData("""{"apply_policies":["plain","both"]}""", "\"both\":{\"partitions\":{\"per_api\":true,\"acl\":true}}," + Plain, null, "cannot apply policy both which has per_api and any of partitions set")]
    [InlineData("""{"apply_policies":["each","plain","acl"]}""", "\"each\":{\"partitions\":{\"per_api\":true}}," + Plain + "," + AclOnB, null, "cannot apply multiple policies when some have per_api set and some are partitioned")]
    [InlineData("""{"apply_policies":["acl","plain","each"]}""", "\"each\":{\"partitions\":{\"per_api\":true}}," + Plain + "," + AclOnB, null, "cannot apply multiple policies when some have per_api set and some are partitioned")]
    public void Failure_IsNamed(string session, string policies, string? apiOrg, string reason)
    {
        var result = Merge(session, policies, apiOrg);

        Assert.Equal((reason, null), (result.Failure, result.Session));
    }

    [Fact]
    public void EndpointLimits_AreLost_WhereNoPolicyGivesARate()
    {
        const string Endpoints = "\"endpoints\":[{\"path\":\"/e\",\"methods\":[{\"name\":\"GET\",\"limit\":{\"rate\":1,\"per\":1}}]}]";

        var merged = Merge("""{"apply_policies":["acl","all"]}""", $"\"acl\":{{\"partitions\":{{\"acl\":true}},\"access_rights\":{{\"a\":{{{Endpoints}}}}}}},\"all\":{{\"access_rights\":{{\"b\":{{{Endpoints}}}}}}}").Session!;

        Assert.Null(merged.AccessRights["a"].Endpoints);
        Assert.Single(merged.AccessRights["b"].Endpoints!);
    }

    [Fact]
    public void EndpointLimits_OfEqualPace_GiveTheLargerRate()
    {
        static string Policy(string id, int rate, int per) =>
            $"\"{id}\":{{\"access_rights\":{{\"a\":{{\"endpoints\":[{{\"path\":\"/e\",\"methods\":[{{\"name\":\"get\",\"limit\":{{\"rate\":{rate},\"per\":{per}}}}}]}}]}}}}}}";

        foreach (var ids in new[] { "\"p\",\"q\"", "\"q\",\"p\"" })
        {
            var merged = Merge($"{{\"apply_policies\":[{ids}]}}", Policy("p", 2, 1) + "," + Policy("q", 20, 10)).Session!;

            Assert.Equal(20, merged.AccessRights["a"].Endpoints![0].Methods[0].Limit.Rate);
        }
    }

    [Fact]
    public void GraphQlRights_AreUnited()
    {
        var merged = Merge("""{"apply_policies":["p","q"]}""", """
            "p":{"access_rights":{"a":{"restricted_types":[{"name":"T"}],"allowed_types":[{"name":"U"}]}}},
            "q":{"access_rights":{"a":{"restricted_types":[{"name":"T"},{"name":"V"}],"field_access_rights":[{"type_name":"W"}],"disable_introspection":true}}}
            """).Session!.AccessRights["a"];

        Assert.Equal("""[{"name":"T"},{"name":"V"}]""", merged.RestrictedTypes!.Value.GetRawText());
        Assert.Equal("""[{"name":"U"}]""", merged.AllowedTypes!.Value.GetRawText());
        Assert.Equal("""[{"type_name":"W"}]""", merged.FieldAccessRights!.Value.GetRawText());
        Assert.True(merged.DisableIntrospection);
    }

    private static MergeResult Merge(string session, string policies, string? apiOrg = null)
    {
        var known = JsonDocument.Parse($"{{{policies}}}").RootElement.EnumerateObject()
            .ToDictionary(static member => member.Name, static member => JsonSerializer.Deserialize(member.Value, DefinitionJson.Default.Policy)! with { Id = member.Name }, StringComparer.Ordinal);
        Assert.True(SessionJson.TryParse(Encoding.UTF8.GetBytes(session), out var parsed, out var broken), broken);
        return PolicyMerge.Apply(parsed, known.GetValueOrDefault, apiOrg);
    }
}
