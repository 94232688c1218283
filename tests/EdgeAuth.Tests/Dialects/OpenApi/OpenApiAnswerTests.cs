using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.OpenApi;

/// <summary>What is answered, and what may be sent, fits what <c>/openapi.json</c> says of it.</summary>
public sealed class OpenApiAnswerTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private OpenApiReading _document = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(StandardGateway.Apis, static setup =>
        {
            StandardGateway.Policies(setup);
            setup.Set("EdgeAuth:Dialects:Tyk:enable_hashed_keys_listing", "true");
            setup.Set("EdgeAuth:Dialects:Tyk:health_check:enable_health_checks", "true");
        });
        _document = await OpenApiReading.OfAsync(_gateway);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Clients_AndTheirTokens()
    {
        var sent = JsonNode.Parse("""{"api_id":"orders","redirect_uri":"http://app.example/cb","policy_id":"silver","meta_data":{"tier":1},"description":"d"}""")!.AsObject();
        ShouldTake("POST", "/tyk/oauth/clients/create", sent);
        var created = Fits("POST", "/tyk/oauth/clients/create", await _gateway.ManageAsync("POST", "/tyk/oauth/clients/create", sent));
        var client = new OAuthClient(created.Text("client_id"), created.Text("secret"), "http://app.example/cb");
        const string Path = "/tyk/oauth/clients/{apiID}/{keyName}";

        Fits("GET", "/tyk/oauth/clients/{apiID}", await _gateway.ManageAsync("GET", "/tyk/oauth/clients/orders"));
        Fits("GET", Path, await _gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id));
        Fits("GET", Path, await _gateway.ManageAsync("GET", $"/tyk/oauth/clients/apis/{client.Id}?orgID="));
        Fits("PUT", "/tyk/oauth/clients/{apiID}", await _gateway.ManageAsync("PUT", "/tyk/oauth/clients/orders"));
        var code = await _gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"]));
        Fits("POST", "/tyk/oauth/authorize-client", await _gateway.ManageAsync("POST", "/tyk/oauth/authorize-client", TestGateway.Form(("response_type", "token"), ("client_id", client.Id), ("scope", "read"))));
        var token = Fits("POST", "/orders/oauth/token", await _gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri)));
        Fits("GET", Path + "/tokens", await _gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens"));
        Fits("GET", Path + "/tokens", await _gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens?page=1"));
        Fits("GET", "/orders/tyk/rate-limits", await _gateway.CallAsync("/orders/tyk/rate-limits/", token.Text("access_token")));
        Fits("DELETE", "/tyk/oauth/refresh/{keyName}", await _gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{token.Text("refresh_token")}?api_id=orders&dry_run=true"));
        Fits("POST", "/orders/oauth/revoke", await _gateway.Http.ManageAsync("POST", "/orders/oauth/revoke", TestGateway.Form(("token", token.Text("access_token")))));
        Fits("PUT", Path + "/rotate", await _gateway.ManageAsync("PUT", $"/tyk/oauth/clients/orders/{client.Id}/rotate"));
        Fits("DELETE", Path, await _gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + client.Id));
    }

    [Fact]
    public async Task Keys_AndOrganisations()
    {
        var sent = Definitions.Session(["orders", "stock"], """
            {"rate":10,"per":1.5,"quota_max":100,"quota_renewal_rate":60,"expires":0,"meta_data":{"any":["thing",1]},"tags":["a"],"alias":"b","apply_policies":["keys"],"basic_auth_data":{"password":"p"},"monitor":{"trigger_limits":[80]}}
            """);
        ((JsonObject)sent["access_rights"]!["orders"]!)["limit"] = JsonNode.Parse("""{"rate":5,"per":1,"quota_max":10,"quota_renewal_rate":60}""");
        ((JsonObject)sent["access_rights"]!["orders"]!)["allowed_urls"] = JsonNode.Parse("""[{"url":"/a","methods":["GET"]}]""");
        sent.Remove("apply_policies");
        ShouldTake("POST", "/tyk/keys/create", sent);
        var created = Fits("POST", "/tyk/keys/create", await _gateway.ManageAsync("POST", "/tyk/keys/create", sent));

        var hash = created.Text("key_hash");
        Fits("GET", "/tyk/keys/{keyName}", await _gateway.ManageAsync("GET", $"/tyk/keys/{hash}?hashed=true"));
        Fits("GET", "/tyk/keys", await _gateway.ManageAsync("GET", "/tyk/keys"));
        Fits("PUT", "/tyk/keys/{keyName}", await _gateway.ManageAsync("PUT", $"/tyk/keys/{hash}?hashed=true", sent));
        Fits("PUT", "/tyk/keys/{keyName}", await _gateway.ManageAsync("PUT", $"/tyk/keys/{hash}?hashed=true&dry_run=true", sent));
        Fits("POST", "/tyk/keys/preview", await _gateway.ManageAsync("POST", "/tyk/keys/preview", Definitions.Session(["stock"])));
        ShouldTake("POST", "/tyk/keys/policy/{keyName}", JsonNode.Parse("""{"policy":"keys","apply_policies":["silver"]}""")!);
        Fits("DELETE", "/tyk/keys/{keyName}", await _gateway.ManageAsync("DELETE", $"/tyk/keys/{hash}?hashed=true"));
        Fits("POST", "/tyk/org/keys/{org}", await _gateway.ManageAsync("POST", "/tyk/org/keys/org1", JsonNode.Parse("""{"quota_max":5,"quota_renewal_rate":60}""")!));
        Fits("GET", "/tyk/org/keys/{org}", await _gateway.ManageAsync("GET", "/tyk/org/keys/org1"));
        Fits("GET", "/tyk/org/keys", await _gateway.ManageAsync("GET", "/tyk/org/keys"));
    }

    [Fact]
    public async Task Definitions_Statistics_AndHealth()
    {
        var api = Fits("GET", "/tyk/apis/{apiID}", await _gateway.ManageAsync("GET", "/tyk/apis/orders"));
        ShouldTake("PUT", "/tyk/apis/{apiID}", JsonNode.Parse(api.Body)!);
        Fits("GET", "/tyk/apis", await _gateway.ManageAsync("GET", "/tyk/apis"));
        Fits("PUT", "/tyk/apis/{apiID}", await _gateway.ManageAsync("PUT", "/tyk/apis/orders", JsonNode.Parse(api.Body)!));
        Fits("GET", "/tyk/policies", await _gateway.ManageAsync("GET", "/tyk/policies"));
        var policy = Fits("GET", "/tyk/policies/{polID}", await _gateway.ManageAsync("GET", "/tyk/policies/silver"));
        ShouldTake("PUT", "/tyk/policies/{polID}", JsonNode.Parse(policy.Body)!);
        Fits("GET", "/tyk/health", await _gateway.ManageAsync("GET", "/tyk/health?api_id=orders"));
        Fits("GET", "/tyk/reload", await _gateway.ManageAsync("GET", "/tyk/reload"));
        Fits("GET", "/hello", await _gateway.CallAsync("/hello"));
        Fits("GET", "/ready", await _gateway.CallAsync("/ready"));
        Fits("GET", "/openapi.json", await _gateway.ManageAsync("GET", "/openapi.json"));
    }

    [Fact]
    public async Task Refusals()
    {
        Fits("GET", "/tyk/keys/{keyName}", await _gateway.CallAsync("/tyk/keys/x"), 403);
        Fits("GET", "/tyk/keys/{keyName}", await _gateway.ManageAsync("GET", "/tyk/keys/x"), 404);
        Fits("POST", "/tyk/keys", await _gateway.ManageAsync("POST", "/tyk/keys", TestGateway.Json("nonsense")), 400);
        Fits("PUT", "/tyk/apis", await _gateway.ManageAsync("PUT", "/tyk/apis"), 400);
        Fits("POST", "/tyk/oauth/authorize-client", await _gateway.ManageAsync("POST", "/tyk/oauth/authorize-client", TestGateway.Form(("response_type", "code"), ("client_id", "x"))), 401);
        Fits("GET", "/orders/oauth/token", await _gateway.CallAsync("/orders/oauth/token"), 400);
        Fits("POST", "/orders/oauth/token", await _gateway.CallAsync("/orders/oauth/token", method: "POST"), 400);
        Fits("GET", "/orders/oauth/authorize", await _gateway.CallAsync("/orders/oauth/authorize"), 400);
        Fits("GET", "/orders/tyk/rate-limits", await _gateway.CallAsync("/orders/tyk/rate-limits"), 401);
        Fits("GET", "/vintage/tyk/rate-limits", await _gateway.CallAsync("/vintage/tyk/rate-limits"), 400);
        Fits("POST", "/orders/oauth/revoke", await _gateway.CallAsync("/orders/oauth/revoke", method: "POST"), 400);
        Fits("GET", "/openapi.json", await _gateway.CallAsync("/openapi.json"), 403);
        _gateway.Folder.Write("config/apis/broken.json", """{"api_id":5}""");
        Fits("GET", "/tyk/reload", await _gateway.ManageAsync("GET", "/tyk/reload"), 400);
    }

    // Without this the checks above might let anything pass.
    [Fact]
    public async Task Schemas_RefuseWhatIsNotDescribed()
    {
        var schema = _document.Schema(Operation("GET", "/tyk/keys/{keyName}")["responses"]!["200"]!);
        var session = JsonNode.Parse((await _gateway.ManageAsync("POST", "/tyk/keys/preview", Definitions.Session(["stock"]))).ShouldBe(200).Body)!.AsObject();
        Assert.Empty(SchemaCheck.Of(schema, session));

        session["rate"] = "ten";
        Assert.Equal(["$.rate"], SchemaCheck.Of(schema, session));
        session["rate"] = 10;
        session["unheard_of"] = 1;
        Assert.Equal(["$.unheard_of"], SchemaCheck.Of(schema, session));
    }

    // Of the status that is documented, with the body and media type that are documented for it.
    private Answer Fits(string method, string path, Answer answer, int status = 200)
    {
        answer.ShouldBe(status);
        var responses = Operation(method, path)["responses"]!;
        var mediaType = answer.Header("Content-Type")!.Split(';')[0];
        var misfits = SchemaCheck.Of(_document.Schema(responses[status.ToString()] ?? responses["default"]!, mediaType), JsonNode.Parse(answer.Body)).ToList();

        Assert.True(misfits.Count == 0, $"{method} {path}, {status}: {string.Join(", ", misfits)} of {answer.Body}");
        return answer;
    }

    private void ShouldTake(string method, string path, JsonNode body) =>
        Assert.Empty(SchemaCheck.Of(_document.Schema(Operation(method, path)["requestBody"]!), body));

    private JsonObject Operation(string method, string path) =>
        Assert.Single(_document.Operations, operation => operation.Path == path && operation.Method == method).Operation;
}
