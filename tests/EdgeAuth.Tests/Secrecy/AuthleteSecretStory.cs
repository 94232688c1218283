using System.Globalization;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.Dialects.Authlete;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Secrecy;

/// <summary>Authlete's token operations, each once well and once badly. Tokens stand in bodies there, and in the path of delete.</summary>
internal sealed class AuthleteSecretStory(TestGateway gateway, Secrets secrets)
{
    /// <summary>The service of <see cref="ServiceSecret"/>, in the realm of orders.</summary>
    public const string ServiceKey = "shop";

    public const string ServiceSecret = "the-api-secret-of-the-shop";

    private const long ClientNumber = 700100200300;

    private AuthleteService Service { get; } = new(gateway, ServiceKey, ServiceSecret);

    private string Query => "q=" + secrets.New("query");

    public async Task TellAsync()
    {
        secrets.Add("API secret", ServiceSecret);
        secrets.Add("service credentials", $"{ServiceKey}:{ServiceSecret}");
        secrets.Add(await gateway.CreateClientAsync("orders", more: new JsonObject { ["client_id"] = ClientNumber.ToString(CultureInfo.InvariantCulture) }));
        await LivesAsync();
        await RulesAsync();
        await BadCallsAsync();
        await BadBodiesAsync();
    }

    private async Task LivesAsync()
    {
        // Created, called with, listed, given a new value, revoked by value.
        var token = await CreateAsync(new JsonObject { ["scopes"] = new JsonArray("read") });
        (await gateway.CallAsync("/orders/x?" + Query, token)).ShouldBe(200);
        var list = (await Service.ListAsync("subject=ana&" + Query)).ShouldBe(200);
        var hash = list.Json.GetProperty("accessTokens")[0].GetProperty("accessTokenHash").GetString()!;
        (await gateway.CallAsync("/orders/x", hash)).ShouldBe(401);
        var updated = (await Service.PostAsync("update?" + Query, new JsonObject { ["accessToken"] = token, ["accessTokenValueUpdated"] = true })).ShouldBe(200);
        var renewed = secrets.Add("access token", updated.Text("accessToken"));
        (await gateway.CallAsync("/orders/x", token)).ShouldBe(401);
        (await gateway.CallAsync("/orders/x", renewed)).ShouldBe(200);
        await RevokeAsync(1, ("accessTokenIdentifier", renewed));
        await RevokeAsync(0, ("accessTokenIdentifier", token));
        (await gateway.CallAsync("/orders/x", renewed)).ShouldBe(401);

        // Of the caller's choosing, revoked by the refresh token; with signs that a path has to have escaped, deleted by value.
        var (chosen, refresh) = (secrets.New("chosen access token"), secrets.New("chosen refresh token"));
        await CreateAsync(new JsonObject { ["accessToken"] = chosen, ["refreshToken"] = refresh });
        await RevokeAsync(1, ("refreshTokenIdentifier", refresh));
        Assert.Equal("BAD_REQUEST", (await Service.PostAsync("create", Draft(new JsonObject { ["accessToken"] = chosen }))).ShouldBe(200).Text("action"));
        var odd = await CreateAsync(new JsonObject { ["accessToken"] = $"a/b+c% {secrets.New("odd token")}=" });
        (await Service.DeleteAsync(Uri.EscapeDataString(odd) + "?" + Query)).ShouldBe(204);
        (await Service.DeleteAsync(Uri.EscapeDataString(odd))).ShouldBe(404);
        var plain = await CreateAsync([]);
        (await Service.DeleteAsync(plain)).ShouldBe(204);
        (await Service.DeleteAsync(plain + "/")).ShouldBe(404);
        (await Service.DeleteAsync(secrets.New("unknown token"))).ShouldBe(404);
        (await Service.DeleteAsync("%zz" + secrets.New("broken escape"))).ShouldBe(404);
        (await gateway.CallAsync("/orders/x", plain)).ShouldBe(401);
        await CreateAsync([]);
        await RevokeAsync(1, ("clientIdentifier", "700100200300"), ("subject", "ana"));
    }

    // Rules are shown again, and may hold what is none of a token's.
    private async Task RulesAsync()
    {
        var rules = Definitions.Session(["orders"], """{"rate":5,"per":1,"hmac_enabled":false}""")
            .With("basic_auth_data.password", secrets.New("password in rules"))
            .With("jwt_data.secret", secrets.New("secret in rules"))
            .With("hmac_string", secrets.New("HMAC secret in rules"));
        foreach (var operation in new[] { "create", "update" })
        {
            var token = operation is "update" ? await CreateAsync([]) : null;
            var body = token is null ? Draft([]) : new JsonObject { ["accessToken"] = token };
            body["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = rules.ToJsonString() });
            var answer = (await Service.PostAsync(operation, body)).ShouldBe(200);
            Assert.Equal("OK", answer.Text("action"));
            Assert.Contains("\"rate\":5", answer.Json.GetProperty("properties")[0].GetProperty("value").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("-in-rules-", answer.Body, StringComparison.Ordinal);
            secrets.Add("access token", answer.Text("accessToken"));
        }

        (await Service.ListAsync("start=0&end=100")).ShouldBe(200);
    }

    private async Task BadCallsAsync()
    {
        foreach (var path in new[] { "create", "update", "revoke", "get/list", "delete/" + secrets.New("in the path"), secrets.New("lost path") })
        {
            foreach (var method in new[] { "GET", "POST", "DELETE", "PUT" })
            {
                foreach (var wrong in new[] { new AuthleteService(gateway, ServiceKey, secrets.New("wrong API secret")), new AuthleteService(gateway, secrets.New("unknown API key"), secrets.New("its secret")), Service })
                {
                    secrets.Add("basic credentials", wrong.Authorization[6..]);
                    Assert.InRange((await wrong.SendAsync(method, $"{AuthleteService.Path}/{path}?{Query}")).Status, 200, 499);
                }

                using var broken = new HttpRequestMessage(new HttpMethod(method), $"{AuthleteService.Path}/{path}");
                broken.Headers.TryAddWithoutValidation("Authorization", "Basic %%" + secrets.New("broken basic"));
                (await gateway.SendAsync(broken)).ShouldBe(400);
            }
        }

        foreach (var parameter in new[] { "clientIdentifier", "start", "end", "tokenStatus" })
        {
            Assert.InRange((await Service.ListAsync($"{parameter}={secrets.New("bad parameter")}")).Status, 400, 499);
        }
    }

    private async Task BadBodiesAsync()
    {
        foreach (var operation in new[] { "create", "update", "revoke" })
        {
            await Service.PostAsync(operation, $$"""{"accessToken":"{{secrets.New("in broken json")}}","accessTokenIdentifier":"{{secrets.New("in broken json")}}" """);
            await Service.PostAsync(operation, $$"""{"accessToken":["{{secrets.New("wrong type")}}"],"accessTokenIdentifier":{"a":"{{secrets.New("wrong type")}}"},"grantType":"{{secrets.New("grant type")}}"}""");
            await Service.PostAsync(operation, $$"""{"accessToken":"{{secrets.New("unknown token")}}","refreshTokenIdentifier":"{{secrets.New("unknown token")}}","grantType":"PASSWORD","clientId":{{ClientNumber}}}""");
            await Service.PostAsync(operation, "accessToken=" + secrets.New("broken form") + "&%zz", "application/x-www-form-urlencoded");
            await Service.PostAsync(operation, "accessToken=" + secrets.New("other media type"), "text/plain");
            await Service.FormAsync(operation, ("accessToken", secrets.New("in a form")), ("refreshToken", secrets.New("in a form")), ("grantType", "CLIENT_CREDENTIALS"), ("clientId", "1"));
            var draft = operation is "update" ? new JsonObject { ["accessToken"] = await CreateAsync([]) } : Draft([]);
            draft["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = $$"""{"basic_auth_data":{"password":"{{secrets.New("in broken rules")}}"},"rate":"{{secrets.New("in broken rules")}}" """ });
            await Service.PostAsync(operation, draft);
        }
    }

    private async Task<string> CreateAsync(JsonObject more)
    {
        var created = AuthleteModel.Created.ReadOk(await Service.PostAsync("create", Draft(more)), "A109001");
        if (created.TryGetProperty("refreshToken", out var refresh))
        {
            secrets.Add("refresh token", refresh.GetString()!);
        }

        return secrets.Add("access token", created.GetProperty("accessToken").GetString()!);
    }

    private async Task RevokeAsync(int count, params (string Name, string Value)[] by)
    {
        var body = new JsonObject(by.Select(static pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Value)));
        Assert.Equal(count, (await Service.PostAsync("revoke", body)).ShouldBe(200).Json.GetProperty("count").GetInt32());
    }

    private static JsonObject Draft(JsonObject more)
    {
        more["grantType"] = "PASSWORD";
        more["clientId"] = ClientNumber;
        more["subject"] = "ana";
        return more;
    }
}
