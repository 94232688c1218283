using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Jwt;

/// <summary>Which policies a token gets: claimed, of its scopes, the defaults, or of its client (spec d.3).</summary>
public sealed class JwtPolicyTests(JwtPolicyTests.Gateways shared) : IClassFixture<JwtPolicyTests.Gateways>
{
    private const string NotFound = "no policy found";
    private const string Unknown = "unknown policy";

    // Each policy grants a path of its own name, so that what is open tells which are in force.
    private static readonly string[] Paths = ["a", "b", "c", "d"];

    /// <summary>API, claims, and the paths that are open then, or why none is.</summary>
    public static TheoryData<string, string, string> Choices => new()
    {
        { "defaults", "{}", "a b" },
        { "defaults", """{"pol":"c"}""", "c" },
        { "defaults", """{"pol":""}""", "a b" },
        { "defaults", """{"pol":["c"]}""", "a b" },
        { "defaults", """{"pol":"x"}""", Unknown },
        { "gone", "{}", "b" },
        { "gone-first", "{}", Unknown },
        { "nothing", "{}", NotFound },
        { "nothing", """{"pol":"d"}""", "d" },
        { "scopes", "{}", "a" },
        { "scopes", """{"scope":""}""", NotFound },
        { "scopes", """{"scope":"unheard"}""", NotFound },
        { "scopes", """{"scope":"read"}""", "b" },
        { "scopes", """{"scope":"read write read  other"}""", "b c" },
        { "scopes", """{"scope":["write","read",7]}""", "b c" },
        { "scopes", """{"scope":{"read":true}}""", "a" },
        { "scopes", """{"scope":"lost"}""", Unknown },
        { "scopes", """{"scope":"read lost"}""", "b" },
        { "scopes", """{"pol":"d","scope":"read"}""", "b d" },
        { "scopes", """{"pol":"d","scope":"unheard"}""", "d" },
        { "scopes", """{"pol":"d","scope":"foreign"}""", Unknown },
        { "older", """{"realm":{"granted":"read"}}""", "b" },
        { "older", """{"scope":"read"}""", "a" },
        { "clients", "{}", NotFound },
        { "clients", """{"client_id":"app"}""", "b" },
        { "clients", """{"clientId":"app","client_id":"other"}""", "b" },
        { "clients", """{"cid":"app"}""", "b" },
        { "clients", """{"azp":"app"}""", "b" },
        { "clients", """{"azp":"plain","client_id":"app"}""", NotFound },
        { "clients", """{"client_id":"nobody"}""", NotFound },
        { "clients", """{"pol":"c","client_id":"app"}""", "c" },
        { "own-clients", """{"client_id":"app"}""", NotFound },
        { "own-clients", """{"azp":"app"}""", "b" },
        { "clients-last", """{"azp":"app"}""", "a" },
        { "clients-last", """{"pol":"c","azp":"app"}""", "c" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task Policies_AreThoseOfTheToken(string api, string claims, string open)
    {
        var token = shared.Signer.Sign(JwtApis.Claims(api + claims, claims));
        if (open is NotFound or Unknown)
        {
            var answer = (await shared.Gateway.CallAsync($"/{api}/a", token)).ShouldBeRefused(403, "api_forbidden");
            Assert.Equal("key not authorized: no matching policy" + (open is NotFound ? " found" : ""), answer.Text("error"));
            return;
        }

        foreach (var path in Paths)
        {
            var answer = await shared.Gateway.CallAsync($"/{api}/{path}", token);
            Assert.True(answer.Status == (open.Split(' ').Contains(path) ? 200 : 403), $"/{path}: {answer.Status} {answer.Body}");
        }
    }

    [Fact]
    public async Task Client_DecidesAnew_WhenItsPolicyChanges()
    {
        var token = shared.Signer.Sign(JwtApis.Claims("moving", """{"azp":"mover"}"""));
        await shared.Gateway.CreateClientAsync("clients", policy: "b", more: new JsonObject { ["client_id"] = "mover" });
        (await shared.Gateway.CallAsync("/clients/b", token)).ShouldBe(200);

        (await shared.Gateway.ManageAsync("PUT", "/tyk/oauth/clients/clients/mover", new JsonObject { ["policy_id"] = "c" })).ShouldBe(200);

        (await shared.Gateway.CallAsync("/clients/c", token)).ShouldBe(200);
        (await shared.Gateway.CallAsync("/clients/b", token)).ShouldBeRefused(403, "url_forbidden");

        (await shared.Gateway.ManageAsync("DELETE", "/tyk/oauth/clients/clients/mover")).ShouldBe(200);
        (await shared.Gateway.CallAsync("/clients/c", token)).ShouldBeRefused(403, "api_forbidden");
    }

    [Fact]
    public async Task RefusedToken_LeavesNoSessionBehind()
    {
        (await shared.Gateway.CallAsync("/nothing/a", shared.Signer.Sign(JwtApis.Claims("ghost")))).ShouldBe(403);
        (await shared.Gateway.CallAsync("/nothing/a", TokenSigner.New("HS256").Sign(JwtApis.Claims("ghost", """{"pol":"d"}""")))).ShouldBe(401);

        var hash = EdgeAuth.Sessions.IdentityKeys.HashOf("org1", "ghost").ToHex();
        (await shared.Gateway.ManageAsync("GET", $"/tyk/keys/{hash}?hashed=true")).ShouldBe(404);
    }

    /// <summary>A gateway with an API for each source of policies.</summary>
    public sealed class Gateways : GatewayFixture
    {
        internal TokenSigner Signer { get; } = TokenSigner.New("HS256");

        private protected override async Task<TestGateway> StartAsync()
        {
            string[] apis = ["defaults", "gone", "gone-first", "nothing", "scopes", "older", "clients", "own-clients", "clients-last"];
            var gateway = await TestGateway.StartAsync(
                upstream => apis.Select(id => Api(id, upstream)),
                setup =>
                {
                    foreach (var name in Paths.Append("foreign"))
                    {
                        var rights = new JsonObject();
                        foreach (var api in apis)
                        {
                            rights[api] = new JsonObject { ["allowed_urls"] = new JsonArray(new JsonObject { ["url"] = $"/{name}$", ["methods"] = new JsonArray("GET") }) };
                        }

                        setup.Policy(name, new JsonObject { ["org_id"] = name == "foreign" ? "org2" : "org1", ["access_rights"] = rights });
                    }
                });
            foreach (var api in new[] { "clients", "own-clients", "clients-last" })
            {
                await gateway.CreateClientAsync(api, policy: "b", more: new JsonObject { ["client_id"] = "app" });
                await gateway.CreateClientAsync(api, more: new JsonObject { ["client_id"] = "plain" });
            }

            return gateway;
        }

        private JsonObject Api(string id, string upstream)
        {
            var api = JwtApis.Api(id, upstream, "hmac", Signer.Source).With("jwt_default_policies", new[] { "a" });
            JsonObject mapping = new() { ["read"] = "b", ["write"] = "c", ["lost"] = "x", ["foreign"] = "foreign" };
            return id switch
            {
                "defaults" => api.With("jwt_default_policies", new[] { "a", "b" }),
                "gone" => api.With("jwt_default_policies", new[] { "b", "x" }),
                "gone-first" => api.With("jwt_default_policies", new[] { "x", "b" }),
                "nothing" => api.With("jwt_default_policies", Array.Empty<string>()),
                "scopes" => api.With("scopes", new JsonObject { ["jwt"] = new JsonObject { ["scope_to_policy"] = mapping } }),
                "older" => api.With("jwt_scope_to_policy_mapping", mapping).With("jwt_scope_claim_name", "realm.granted"),
                "clients" => api.With("jwt_client_base_field", "azp").With("jwt_default_policies", Array.Empty<string>()),
                "clients-last" => api.With("jwt_client_base_field", "azp"),
                _ => api.With("jwt_client_base_field", "azp").With("jwt_default_policies", Array.Empty<string>()).With("idp_client_id_mapping_disabled", true),
            };
        }
    }
}
