using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>Definitions, policies and claims that the tests of JWTs have in common.</summary>
internal static class JwtApis
{
    /// <summary>The instant at which the clock of a test gateway begins, in Unix seconds.</summary>
    public static readonly long Start = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>An API that takes JWTs of one family from a source, under the policy "gold".</summary>
    public static JsonObject Api(string id, string upstream, string method, string source, string org = "org1")
    {
        var definition = Definitions.Keys(id, upstream, org);
        definition.Remove("use_standard_auth");
        definition["enable_jwt"] = true;
        definition["jwt_signing_method"] = method;
        definition["jwt_source"] = source;
        definition["jwt_policy_field_name"] = "pol";
        definition["jwt_default_policies"] = new JsonArray("gold");
        return definition;
    }

    /// <summary>A gateway with one API, "jwt", in front of keys, and its twin "old" in tyk style.</summary>
    public static Task<TestGateway> StartAsync(string method, string source, Action<JsonObject>? change = null, Action<GatewaySetup>? setup = null) => TestGateway.StartAsync(
        upstream => new[] { "jwt", "old" }.Select(id =>
        {
            var definition = Api(id, upstream, method, source);
            if (id == "old")
            {
                definition["errors"] = "tyk";
            }

            change?.Invoke(definition);
            return definition;
        }),
        options =>
        {
            Policies(options);
            setup?.Invoke(options);
        });

    public static void Policies(GatewaySetup setup)
    {
        setup.Policy("gold", Definitions.Policy(["jwt", "old"], """{"rate":1000,"per":60,"tags":["gold"]}"""));
        setup.Policy("tight", Definitions.Policy(["jwt", "old"], """{"rate":2,"per":60,"tags":["tight"]}"""));
        setup.Policy("elsewhere", Definitions.Policy(["nowhere"]));
        setup.Policy("off", Definitions.Policy(["jwt", "old"], """{"is_inactive":true}"""));
        setup.Policy("foreign", Definitions.Policy(["jwt", "old"], """{"org_id":"org2"}"""));
    }

    /// <summary>Claims of a token that is good for ten minutes, with further members.</summary>
    public static JsonObject Claims(string subject = "ann", string? more = null)
    {
        var claims = more is null ? [] : JsonNode.Parse(more)!.AsObject();
        claims.TryAdd("sub", subject);
        claims.TryAdd("exp", Start + 600);
        return claims;
    }
}
