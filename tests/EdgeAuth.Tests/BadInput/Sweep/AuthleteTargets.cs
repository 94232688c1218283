using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Dialects.Authlete;
using EdgeAuth.Tests.Dialects.Authlete;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>Every call of the Authlete dialect, taken from its table of routes: those with a body once with JSON and once with a form.</summary>
internal static class AuthleteTargets
{
    private const string Root = "/api/auth/token";
    private const int Largest = 256 * 1024;

    /// <summary>The credentials of a service that may call.</summary>
    public static string Service { get; } = "Authorization: " + AuthleteService.Basic("orders", TestGateway.Secret);

    /// <summary>Credentials that are none of a service's.</summary>
    public static IReadOnlyList<string> OddServices { get; } =
    [
        AuthleteService.Basic("orders", TestGateway.Secret + "x"), AuthleteService.Basic("orders", ""), AuthleteService.Basic("", TestGateway.Secret), AuthleteService.Basic("Orders", TestGateway.Secret),
        AuthleteService.Basic("stock", TestGateway.Secret), AuthleteService.Basic("orders\0", TestGateway.Secret), AuthleteService.Basic("orders", new string('s', 9000)), AuthleteService.Basic("orders", TestGateway.Secret) + "!",
        AuthleteService.Basic("orders", TestGateway.Secret) + ", Basic b", "Basic orders:" + TestGateway.Secret, "Digest username=\"orders\"", "Bearer " + TestGateway.Secret,
    ];

    public static IEnumerable<SweepTarget> Of(SweepGateway shared)
    {
        foreach (var route in AuthleteTable.Of(shared.Gateway.Services))
        {
            var path = Root + route.Path.Replace("{**" + AuthleteIdentifier.Parameter + "}", shared.DeletedToken, StringComparison.Ordinal);
            foreach (var body in Bodies(route.Path, shared))
            {
                yield return new SweepTarget(route.Method, path, Surface.Authlete)
                {
                    Query = route.Method is "GET" ? "?clientIdentifier=700100200300&subject=ana&start=0&end=2&tokenStatus=ALL" : "",
                    Body = body,
                    AsksForCredential = true,
                    Fields = [Service],
                    Served = [route.Method],
                };
            }
        }

        yield return new SweepTarget("GET", Root + "/x", Surface.Authlete) { AsksForCredential = true, Fields = [Service], IsAlwaysRefused = true };
    }

    private static SweepBody?[] Bodies(string route, SweepGateway shared) => route switch
    {
        "/create" =>
        [
            Json(AuthleteJson.Default.AuthleteCreateRequest, """
                {"grantType":"AUTHORIZATION_CODE","clientId":700100200300,"subject":"ana","scopes":["read","write"],"accessTokenDuration":60,"refreshTokenDuration":0,
                 "properties":[{"key":"a","value":"b","hidden":true},{"key":"key_rules","value":"{\"rate\":5,\"per\":1}"}],"resources":["https://r.example/"],
                 "authorizationDetails":{"elements":[{"type":"t","locations":["l"],"otherFields":"{\"x\":1}"}]},"jwtAtClaims":"{}","acr":"1","authTime":1700000000}
                """),
            new FormBody([("grantType", "CLIENT_CREDENTIALS"), ("clientId", "700100200300"), ("scopes", "read write"), ("accessTokenDuration", "60")], ["grantType", "clientId"]),
        ],
        "/update" =>
        [
            Json(AuthleteJson.Default.AuthleteUpdateRequest, $$"""{"accessToken":"{{shared.UpdatedToken}}","scopes":["read"],"properties":[{"key":"a","value":"b"}],"accessTokenValueUpdated":false,"accessTokenPersistent":false}"""),
            new FormBody([("accessToken", shared.UpdatedToken), ("scopes", "read write")], ["accessToken"]),
        ],
        "/revoke" =>
        [
            Json(AuthleteJson.Default.AuthleteRevokeRequest, """{"accessTokenIdentifier":"","refreshTokenIdentifier":"","clientIdentifier":"700100200300","subject":"nobody"}"""),
            new FormBody([("subject", "nobody")], ["subject"]),
        ],
        "/get/list" or "/delete/{**" + AuthleteIdentifier.Parameter + "}" => [null],
        _ => throw new InvalidOperationException($"The sweep does not know the body of {route}."),
    };

    private static JsonBody Json(JsonTypeInfo type, string sample) => new(type, JsonNode.Parse(sample)!.AsObject()) { MayTrail = false, Limit = Largest };
}
