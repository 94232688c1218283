using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>What holds for every control endpoint: who may call, and how paths and methods are matched (spec a.1).</summary>
public sealed class CommonRuleTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string Forbidden = "Attempted administrative access with invalid or missing key!";

    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string, string> Operations => new()
    {
        { "POST", "/tyk/oauth/authorize-client" },
        { "POST", "/orders/tyk/oauth/authorize-client" },
        { "POST", "/tyk/oauth/clients/create" },
        { "GET", "/tyk/oauth/clients/orders" },
        { "PUT", "/tyk/oauth/clients/orders" },
        { "GET", "/tyk/oauth/clients/orders/c" },
        { "PUT", "/tyk/oauth/clients/orders/c" },
        { "DELETE", "/tyk/oauth/clients/orders/c" },
        { "GET", "/tyk/oauth/clients/orders/c/tokens" },
        { "DELETE", "/tyk/oauth/refresh/r" },
        { "DELETE", "/tyk/oauth/refresh/orders/r" },
        { "POST", "/tyk/oauth/revoke" },
        { "POST", "/tyk/oauth/revoke_all" },
        { "GET", "/tyk/keys" },
        { "POST", "/tyk/keys" },
        { "POST", "/tyk/keys/create" },
        { "GET", "/tyk/keys/k" },
        { "POST", "/tyk/keys/k" },
        { "PUT", "/tyk/keys/k" },
        { "DELETE", "/tyk/keys/k" },
        { "GET", "/tyk/reload" },
        { "GET", "/tyk/reload/group" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Operation_IsRefused_WithoutTheSecret(string method, string path)
    {
        foreach (var slash in new[] { "", "/" })
        {
            (await Gateway.CallAsync(path + slash, method: method)).ShouldFail(403, Forbidden);
            (await WithSecretAsync(method, path + slash, "wrong")).ShouldFail(403, Forbidden);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("management-secre")]
    [InlineData("management-secret2")]
    [InlineData("Management-Secret")]
    [InlineData("Bearer management-secret")]
    public async Task Secret_IsRefused_UnlessItIsTheOne(string secret) =>
        (await WithSecretAsync("GET", "/tyk/oauth/clients/orders", secret)).ShouldFail(403, Forbidden);

    [Theory]
    [InlineData("Authorization", "management-secret", "")]
    [InlineData("Authorization", "Bearer management-secret", "")]
    [InlineData("Authorization", "Basic bWFuYWdlbWVudDptYW5hZ2VtZW50LXNlY3JldA==", "")]
    [InlineData("X-Other", "management-secret", "?X-Tyk-Authorization=management-secret")]
    [InlineData("Cookie", "X-Tyk-Authorization=management-secret", "")]
    public async Task Secret_CountsInItsHeaderOnly(string header, string value, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tyk/oauth/clients/orders" + query);
        request.Headers.TryAddWithoutValidation(header, value);

        (await Gateway.SendAsync(request)).ShouldFail(403, Forbidden);
    }

    [Theory]
    [InlineData("/tyk/nothing")]
    [InlineData("/tyk/oauth")]
    [InlineData("/tyk/")]
    [InlineData("/tyk")]
    [InlineData("/tyk/oauth/clients/a/b/c/d")]
    [InlineData("/TYK/NOTHING")]
    public async Task UnknownPath_IsForbiddenWithoutTheSecret_AndNotFoundWithIt(string path)
    {
        (await Gateway.CallAsync(path)).ShouldFail(403, Forbidden);
        (await Gateway.ManageAsync("GET", path)).ShouldFail(404, "Not found");
    }

    [Theory]
    [InlineData("DELETE", "/tyk/oauth/clients/create")]
    [InlineData("GET", "/tyk/oauth/authorize-client/")]
    [InlineData("PUT", "/orders/tyk/oauth/authorize-client/")]
    [InlineData("DELETE", "/tyk/oauth/clients/orders")]
    [InlineData("POST", "/tyk/oauth/clients/orders")]
    [InlineData("POST", "/tyk/oauth/clients/orders/c")]
    [InlineData("PATCH", "/tyk/oauth/clients/orders/c")]
    [InlineData("OPTIONS", "/tyk/oauth/clients/orders/c")]
    [InlineData("DELETE", "/tyk/oauth/clients/orders/c/tokens")]
    [InlineData("GET", "/tyk/oauth/refresh/r")]
    [InlineData("GET", "/tyk/oauth/revoke")]
    [InlineData("GET", "/tyk/oauth/revoke_all")]
    [InlineData("PUT", "/tyk/keys")]
    [InlineData("GET", "/tyk/keys/create")]
    [InlineData("PATCH", "/tyk/keys/k")]
    [InlineData("POST", "/tyk/reload")]
    public async Task Method_IsNotSupported_WhenThePathIsKnown(string method, string path)
    {
        (await Gateway.ManageAsync(method, path)).ShouldFail(405, "Method not supported");
        (await Gateway.CallAsync(path, method: method)).ShouldFail(403, Forbidden);
    }

    [Theory]
    [InlineData("/tyk/oauth/clients/orders/")]
    [InlineData("/tyk/oauth/clients/orders//")]
    [InlineData("/tyk/oauth/clients/orders////")]
    public async Task TrailingSlashes_AreRemoved(string path) => (await Gateway.ManageAsync("GET", path)).ShouldBeJson(200);

    [Theory]
    [InlineData("POST", "/tyk/oauth/clients/create///")]
    [InlineData("POST", "/tyk/keys/create//")]
    public async Task TrailingSlashes_AreRemoved_ForEveryMethod(string method, string path) =>
        (await Gateway.ManageAsync(method, path, TestGateway.Json("["))).ShouldFail(400, "Unmarshalling failed");

    [Theory]
    [InlineData("/tyk//oauth/clients/orders", "/tyk/oauth/clients/orders")]
    [InlineData("/tyk/oauth///clients//orders?page=1", "/tyk/oauth/clients/orders?page=1")]
    public async Task DoubledSlashes_LeadToTheCleanPath(string path, string clean)
    {
        (await Gateway.CallAsync(path)).ShouldFail(403, Forbidden);
        var answer = (await Gateway.ManageAsync("GET", path)).ShouldBe(301);

        Assert.Equal(clean, answer.Header("Location"));
    }

    [Fact]
    public async Task ReservedPaths_AreNeverProxied_WhenAListenPathCoversThem()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("all", upstream).With("proxy.listen_path", "/")]);

        (await gateway.CallAsync("/tyk/whatever")).ShouldFail(403, Forbidden);
        (await gateway.ManageAsync("GET", "/tyk/whatever")).ShouldFail(404, "Not found");
        (await gateway.ManageAsync("TRACE", "/tyk/keys")).ShouldFail(405, "Method not supported");
        (await gateway.CallAsync("/hello", method: "POST")).ShouldBe(405);
        (await gateway.CallAsync("/tyk-like/path")).ShouldBe(200);
        Assert.Equal(["/tyk-like/path"], gateway.Upstream.Requests.Select(static request => request.Path));
    }

    [Fact]
    public async Task AuthorizeClient_IsServedAtTheBarePath_WhenAnOAuthApiListensAtTheRoot()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("all", upstream).With("proxy.listen_path", "/"), Definitions.OAuth("orders", upstream)]);
        var client = await gateway.CreateClientAsync("orders");

        foreach (var path in new[] { "/tyk/oauth/authorize-client/", "/orders/tyk/oauth/authorize-client" })
        {
            (await gateway.ManageAsync("POST", path, TestGateway.Form(("response_type", "code"), ("client_id", client.Id)))).ShouldBe(200);
        }
    }

    [Fact]
    public async Task UnmatchedPath_IsNotFoundInText()
    {
        var answer = (await Gateway.CallAsync("/nowhere/else")).ShouldBe(404);

        Assert.Equal(("text/plain", "Not Found"), (answer.Header("Content-Type"), answer.Body));
    }

    [Fact]
    public async Task Management_IsForbidden_WhenNoSecretIsConfigured()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], static setup => setup.Secret = null);

        (await gateway.CallAsync("/tyk/oauth/clients/orders")).ShouldFail(403, Forbidden);
        using var empty = new HttpRequestMessage(HttpMethod.Get, "/tyk/oauth/clients/orders");
        empty.Headers.TryAddWithoutValidation("X-Tyk-Authorization", "");
        (await gateway.SendAsync(empty)).ShouldFail(403, Forbidden);
    }

    [Fact]
    public async Task EverySecret_IsValid_WhenSeveralAreConfigured()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], static setup =>
        {
            setup.Set("EdgeAuth:Management:Secrets:0", "old");
            setup.Set("EdgeAuth:Management:Secrets:1", "new");
        });

        foreach (var secret in new[] { TestGateway.Secret, "old", "new" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/tyk/oauth/clients/orders");
            request.Headers.Add("X-Tyk-Authorization", secret);
            (await gateway.SendAsync(request)).ShouldBe(200);
        }
    }

    private async Task<Answer> WithSecretAsync(string method, string path, string secret)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("X-Tyk-Authorization", secret);
        return await Gateway.SendAsync(request);
    }
}
