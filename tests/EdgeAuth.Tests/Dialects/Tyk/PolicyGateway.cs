using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>A gateway with policies of every kind, for keys of organisation "org1" on the APIs "one", "two" and "three".</summary>
public sealed class PolicyGateway : SharedGateway
{
    private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
        static upstream => [Definitions.Keys("one", upstream), Definitions.Keys("two", upstream), Definitions.Keys("three", upstream), Definitions.Keys("abroad", upstream, "org2")],
        static setup =>
        {
            void Policy(string id, string[] apis, string more) => setup.Policy(id, Definitions.Policy(apis, more));

            Policy("plain", ["one"], """{"rate":10,"per":60,"quota_max":100,"quota_renewal_rate":3600}""");
            Policy("larger", ["one"], """{"rate":5,"per":10,"quota_max":200,"quota_renewal_rate":60}""");
            Policy("endless", ["one"], """{"rate":-1,"per":0,"quota_max":-1,"quota_renewal_rate":-1}""");
            Policy("nothing", ["one"], """{"rate":0,"per":0,"quota_max":0}""");
            Policy("second", ["two"], """{"rate":7,"per":1,"quota_max":70,"quota_renewal_rate":700}""");
            Policy("wide", ["one", "two"], """{"rate":3,"per":1,"quota_max":30,"quota_renewal_rate":300}""");
            Policy("quota-part", ["one"], """{"rate":1,"per":1,"quota_max":40,"quota_renewal_rate":400,"partitions":{"quota":true}}""");
            Policy("rate-part", ["one"], """{"rate":4,"per":2,"quota_max":1,"partitions":{"rate_limit":true}}""");
            Policy("acl-part", ["one"], """{"rate":1,"per":1,"quota_max":1,"partitions":{"acl":true}}""");
            Policy("acl-two", ["two"], """{"partitions":{"acl":true}}""");
            Policy("off", ["one"], """{"is_inactive":true}""");
            Policy("not-active", ["one"], """{"active":false}""");
            Policy("tagged", ["one"], """{"tags":["p","q"],"meta_data":{"a":"policy","b":2}}""");
            Policy("tagged-too", ["one"], """{"tags":["q","r"],"meta_data":{"a":"later"}}""");
            Policy("brief", ["one"], """{"key_expires_in":100}""");
            Policy("retaining", ["one"], """{"post_expiry_action":"retain","post_expiry_grace_period":-1}""");
            Policy("recent", ["one"], """{"last_updated":"99999999999"}""");
            Policy("foreign", ["abroad"], """{"org_id":"org2"}""");
            setup.Policy("master", Definitions.Policy([], """{"access_rights":{},"rate":9,"per":3,"quota_max":90,"quota_renewal_rate":900}"""));
            setup.Policy("each", Definitions.Policy(["one", "two"], """{"rate":2,"per":1,"quota_max":20,"quota_renewal_rate":200,"partitions":{"per_api":true}}""")
                .With("access_rights.one.limit", new { rate = 6, per = 1, quota_max = 60, quota_renewal_rate = 600 }));
            setup.Policy("each-more", Definitions.Policy(["one"], """{"partitions":{"per_api":true}}""")
                .With("access_rights.one.limit", new { rate = 8, per = 1, quota_max = -1, quota_renewal_rate = 800 }));
            setup.Policy("urls", Definitions.Policy(["one"]).With("access_rights.one.allowed_urls", new[] { new { url = "/a", methods = new[] { "GET" } } }));
            setup.Policy("urls-more", Definitions.Policy(["one"]).With("access_rights.one.allowed_urls", new[] { new { url = "/a", methods = new[] { "POST", "GET" } }, new { url = "/b", methods = new[] { "GET" } } }));
            setup.Policy("versions", Definitions.Policy(["one"]).With("access_rights.one.versions", new[] { "v2" }));
            setup.Policy("endpoints", Definitions.Policy(["one"], """{"rate":100,"per":1}""").With("access_rights.one.endpoints", Endpoint("/e", "get", 5, 10)));
            setup.Policy("endpoints-faster", Definitions.Policy(["one"], """{"rate":100,"per":1}""").With("access_rights.one.endpoints", Endpoint("/e", "GET", 2, 1)));
        });

    private static JsonNode Endpoint(string path, string method, int rate, int per) =>
        JsonSerializer.SerializeToNode(new[] { new { path, methods = new[] { new { name = method, limit = new { rate, per } } } } })!;
}
