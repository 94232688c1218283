using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Dialects.Tyk;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>
/// Every call of a gateway, taken from its tables of routes. A route whose body or parameters are not known here fails the sweep, so that none is
/// left out.
/// </summary>
internal sealed class SweepTargets(SweepGateway shared)
{
    private const string Redirect = "http://app.example/cb";

    private static readonly JsonObject Rules = Definitions.Session(["orders", "stock"], """
        {"rate":1000000,"per":60,"quota_max":1000000,"quota_renewal_rate":3600,"expires":0,"alias":"a","tags":["x"],"basic_auth_data":{"password":""},"meta_data":{"a":[1,null,"b"]}}
        """);

    // What is sent for a body, by method and route, with a star for the mount of an API; null for calls that read none.
    private static readonly Dictionary<string, Func<SweepBody?>> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /oauth/authorize-client"] = Approval,
        ["POST /oauth/clients/create"] = static () => Client("""{"client_id":"made","redirect_uri":"http://app.example/cb","api_id":"orders","policy_id":"plan","secret":"s","meta_data":{"a":1},"description":"d"}"""),
        ["PUT /oauth/clients/{apiID}"] = static () => Client("""{"client_id":"present","redirect_uri":"http://app.example/cb","policy_id":"plan"}""") with { MayBeEmpty = true },
        ["PUT /oauth/clients/{apiID}/{keyName}"] = static () => Client("""{"redirect_uri":"http://app.example/cb","policy_id":"plan","description":"d"}"""),
        ["PUT /oauth/clients/{apiID}/{keyName}/rotate"] = static () => null,
        ["POST /oauth/revoke"] = static () => new FormBody([("token", "abc"), ("client_id", "present"), ("token_type_hint", "refresh_token")], ["token", "client_id"]),
        ["POST /oauth/revoke_all"] = static () => new FormBody([("client_id", "present"), ("client_secret", SweepGateway.ClientSecret)], ["client_id", "client_secret"]),
        ["POST /keys"] = static () => Key(trailing: false),
        ["POST /keys/create"] = static () => Key(trailing: true),
        ["POST /keys/preview"] = static () => Key(trailing: true),
        ["POST /keys/policy/{keyName}"] = static () => Json(TykJson.Default.TykKeyPolicies, """{"policy":"plan","apply_policies":["plan"]}"""),
        ["POST /keys/{keyName}"] = static () => Key(trailing: false),
        ["PUT /keys/{keyName}"] = static () => Key(trailing: false),
        ["POST /org/keys/{org}"] = static () => Key(trailing: true),
        ["PUT /org/keys/{org}"] = static () => Key(trailing: true),
        ["POST /apis"] = static () => Definition("added"),
        ["PUT /apis"] = static () => null,
        ["POST /apis/{apiID}"] = static () => Definition("added"),
        ["PUT /apis/{apiID}"] = static () => Definition("spare"),
        ["POST /policies"] = static () => PolicyBody("added"),
        ["PUT /policies"] = static () => null,
        ["POST /policies/{polID}"] = static () => PolicyBody("added"),
        ["PUT /policies/{polID}"] = static () => PolicyBody("spare"),
        ["POST */oauth/token"] = static () => new FormBody([("grant_type", "client_credentials"), ("scope", "")], ["grant_type"]) { ReadsQuery = true, RefusesRepeated = true },
        ["POST */oauth/authorize"] = static () => new FormBody([("response_type", "code"), ("client_id", "present"), ("redirect_uri", Redirect), ("state", "s")], ["response_type", "client_id"]) { ReadsQuery = true, RefusesRepeated = true },
        ["POST */oauth/revoke"] = static () => new FormBody([("token", "abc"), ("token_type_hint", "refresh_token")], ["token"]),
        ["POST */oauth/revoke_all"] = static () => new FormBody([("client_id", "present"), ("client_secret", SweepGateway.ClientSecret)], ["client_id", "client_secret"]),
        ["POST */tyk/oauth/authorize-client"] = Approval,
    };

    // What a route asks for in its query.
    private static readonly Dictionary<string, string> Queries = new(StringComparer.Ordinal)
    {
        ["DELETE /oauth/refresh/{keyName}"] = "?api_id=orders",
        ["DELETE /oauth/tokens"] = "?scope=lapsed",
        ["GET /health"] = "?api_id=orders",
        ["GET /oauth/authorize"] = "?response_type=code&client_id=present&redirect_uri=http%3A%2F%2Fapp.example%2Fcb",
    };

    public IReadOnlyList<SweepTarget> All() => [.. Management(), .. BelowApis(), .. Traffic(), .. AuthleteTargets.Of(shared), .. Plain()];

    private IEnumerable<SweepTarget> Management()
    {
        var table = TykTable.Of(shared.Gateway.Services);
        return table.Select(route => new SweepTarget(route.Method, "/tyk" + Filled(route.Path), Surface.Management)
        {
            Query = Queries.GetValueOrDefault($"{route.Method} {route.Path}", ""),
            Body = BodyOf(route.Method, route.Path),
            IsGuarded = true,
            Served = [.. table.Where(other => other.Path == route.Path).Select(static other => other.Method)],
            IsAlwaysRefused = !route.Writes && route.Method is "PUT" or "DELETE" && route.Path is "/apis" or "/policies",
        });
    }

    private IEnumerable<SweepTarget> BelowApis()
    {
        var services = shared.Gateway.Services;
        var kinds = services.GetServices<ApiEndpoint>().ToList();
        foreach (var api in new[] { "orders", "vintage", "stock", "attic" }.Select(id => services.GetRequiredService<CatalogHolder>().Current.Apis[id]))
        {
            foreach (var (kind, mount) in kinds.Where(kind => kind.Serves(api)).SelectMany(kind => api.Mounts.Select(mount => (kind, mount))))
            {
                foreach (var target in Calls(kind.Suffix).Select(method => BelowApi(api, mount, kind.Suffix, method)))
                {
                    yield return target;
                }
            }
        }
    }

    private SweepTarget BelowApi(CompiledApi api, string mount, string suffix, string method)
    {
        var isOwnLimits = suffix.EndsWith("/rate-limits", StringComparison.Ordinal);
        var body = BodyOf(method, "*" + suffix);
        return new SweepTarget(method, mount + suffix, isOwnLimits ? api.Errors == ErrorStyle.Tyk ? Surface.TykTraffic : Surface.Traffic : suffix.StartsWith("/tyk", StringComparison.Ordinal) ? Surface.Management : Surface.OAuth)
        {
            Query = Queries.GetValueOrDefault($"{method} {suffix}", ""),
            Body = body is FormBody { RefusesRepeated: true } form && api.Errors == ErrorStyle.Tyk ? form with { RefusesRepeated = false } : body,
            IsGuarded = suffix.StartsWith("/tyk/oauth", StringComparison.Ordinal),
            AsksForCredential = isOwnLimits || suffix is "/oauth/token",
            Fields = isOwnLimits ? [shared.Credentials[api.Id]] : suffix is "/oauth/token" ? [shared.ClientCredentials] : [],
            Served = isOwnLimits ? ["GET"] : suffix is "/oauth/authorize" ? ["GET", "POST"] : ["POST"],
        };
    }

    // The endpoints below an API own every method; these are the ones they serve.
    private static string[] Calls(string suffix) => suffix switch
    {
        "/oauth/authorize" => ["GET", "POST"],
        "/oauth/token" or "/oauth/revoke" or "/oauth/revoke_all" or "/tyk/oauth/authorize-client" => ["POST"],
        "/tyk/rate-limits" => ["GET"],
        _ => throw new InvalidOperationException($"The sweep does not know the calls of {suffix}."),
    };

    private IEnumerable<SweepTarget> Traffic() =>
        from api in new[] { "orders", "vintage", "stock", "attic" }
        from method in new[] { "GET", "POST" }
        select new SweepTarget(method, $"/{api}/x", api is "vintage" or "attic" ? Surface.TykTraffic : Surface.Traffic) { AsksForCredential = true, Fields = [shared.Credentials[api]] };

    private static IEnumerable<SweepTarget> Plain() =>
    [
        .. new[] { "/hello", "/ready", "/metrics" }.Select(static path => new SweepTarget("GET", path, Surface.Plain) { Served = ["GET"] }),
        .. new[] { "/hello/x", "/ready/x", "/metrics/x", "/openapi.json/x" }.Select(static path => new SweepTarget("GET", path, Surface.Plain) { IsAlwaysRefused = true }),
        new SweepTarget("GET", "/openapi.json", Surface.Management) { IsGuarded = true, Served = ["GET"] },
        new SweepTarget("GET", "/tyk/nothing", Surface.Management) { IsGuarded = true, IsAlwaysRefused = true },
    ];

    private static SweepBody? BodyOf(string method, string route) =>
        method is "GET" or "DELETE" ? null
        : Bodies.TryGetValue($"{method} {route}", out var body) ? body()
        : throw new InvalidOperationException($"The sweep does not know the body of {method} {route}.");

    private string Filled(string route)
    {
        var filled = route
            .Replace("{apiID}", route.StartsWith("/apis", StringComparison.Ordinal) ? "spare" : "orders", StringComparison.Ordinal)
            .Replace("{polID}", "spare", StringComparison.Ordinal)
            .Replace("{org}", "org1", StringComparison.Ordinal)
            .Replace("{keyName}", KeyName(route), StringComparison.Ordinal);
        return filled.Contains('{', StringComparison.Ordinal) ? throw new InvalidOperationException($"The sweep does not know a value for {filled}.") : filled;
    }

    private string KeyName(string route) =>
        route.StartsWith("/oauth/clients", StringComparison.Ordinal) ? "present"
        : route.StartsWith("/oauth/refresh", StringComparison.Ordinal) ? shared.RefreshToken
        : route.StartsWith("/keys/policy", StringComparison.Ordinal) ? KeyHash.Of("org1present").ToHex()
        : "org1present";

    private static FormBody Approval() => new([("response_type", "code"), ("client_id", "present"), ("redirect_uri", Redirect), ("state", "s"), ("key_rules", Rules.ToJsonString())], ["response_type", "client_id"])
    {
        ReadsQuery = true,
        Rules = new JsonBody(SessionJson.Default.Session, Rules) { MayBeEmpty = true, MayTrail = false, Limit = int.MaxValue },
    };

    private static JsonBody Client(string sample) => Json(TykJson.Default.TykClient, sample);

    private static JsonBody Key(bool trailing) => new(SessionJson.Default.Session, Rules) { MayTrail = trailing };

    private static JsonBody Definition(string id) => new(DefinitionJson.Default.ApiDefinition, Definitions.OAuth(id, "http://127.0.0.1:9"));

    private static JsonBody PolicyBody(string id)
    {
        var policy = Definitions.Policy(["orders"]);
        policy["id"] = id;
        return new JsonBody(DefinitionJson.Default.Policy, policy);
    }

    private static JsonBody Json(JsonTypeInfo type, string sample) => new(type, JsonNode.Parse(sample)!.AsObject());
}
