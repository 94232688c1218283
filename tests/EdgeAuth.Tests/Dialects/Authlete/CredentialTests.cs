using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Who may call, and that this is decided before anything else (spec/authlete.md 0 and 8).</summary>
public sealed class CredentialTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string> BrokenFields =>
    [
        "Bearer abc",
        "Basic",
        "Basic !!!",
        "Basic " + Convert.ToBase64String("no colon"u8),
        "Basic " + Convert.ToBase64String([0xFF, (byte)':', (byte)'x']),
        "nonsense",
        "Basic abc def",
    ];

    [Fact]
    public async Task NoCredentials_AreRefused() => AuthleteModel.ShouldFail(await SendAsync("GET", "/get/list"), 401, "A001202");

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public async Task BrokenCredentials_AreRefused(string authorization) =>
        AuthleteModel.ShouldFail(await SendAsync("GET", "/get/list", authorization), 400, "A001203");

    [Theory]
    [InlineData("nobody", TestGateway.Secret, "A003201")]
    [InlineData("", TestGateway.Secret, "A003201")]
    [InlineData("stock", TestGateway.Secret, "A003201")]
    [InlineData("ORDERS", TestGateway.Secret, "A003201")]
    [InlineData("orders", "wrong", "A003204")]
    [InlineData("orders", "", "A003204")]
    [InlineData("orders", AuthleteGateway.ShopSecret, "A003204")]
    [InlineData("shop", TestGateway.Secret, "A003204")]
    [InlineData("shop", "", "A003204")]
    [InlineData("gateway", "wrong", "A003204")]
    public async Task WrongCredentials_AreRefused(string key, string secret, string code)
    {
        var refused = AuthleteModel.ShouldFail(await SendAsync("GET", "/get/list", AuthleteService.Basic(key, secret)), 401, code);

        Assert.StartsWith("Basic realm=\"", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", TestGateway.Secret)]
    [InlineData("gateway", TestGateway.Secret)]
    [InlineData("shop", AuthleteGateway.ShopSecret)]
    public async Task RightCredentials_Pass(string key, string secret)
    {
        AuthleteModel.List.Read(await SendAsync("GET", "/get/list", AuthleteService.Basic(key, secret)));
        AuthleteModel.List.Read(await SendAsync("GET", "/get/list", AuthleteService.Basic(key, secret).Replace("Basic ", "bASIC ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SecondField_IsRefused()
    {
        var field = "Authorization: " + shared.Orders.Authorization;
        var answer = Answer.Of(await RawHttp.SendAsync(Gateway.Url, $"GET /api/auth/token/get/list HTTP/1.1\nHost: gateway\n{field}\n{field}\n\n"));

        AuthleteModel.ShouldFail(answer, 400, "A001203");
    }

    // Whatever else is wrong with a call, who cannot show a secret is told of nothing else.
    [Theory]
    [InlineData("POST", "/create", "{")]
    [InlineData("POST", "/update", null)]
    [InlineData("POST", "/revoke", "{}")]
    [InlineData("DELETE", "/delete/", null)]
    [InlineData("GET", "/get/list?start=x", null)]
    [InlineData("PUT", "/create", null)]
    [InlineData("GET", "/nowhere", null)]
    [InlineData("GET", "", null)]
    public async Task Credentials_ComeFirst(string method, string path, string? body)
    {
        AuthleteModel.ShouldFail(await SendAsync(method, path, authorization: null, body), 401, "A001202");
        AuthleteModel.ShouldFail(await SendAsync(method, path, AuthleteService.Basic("orders", "wrong"), body), 401, "A003204");
    }

    [Fact]
    public async Task EveryManagementSecret_IsTaken()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Management:Secrets:0", "second-management-secret");
        });

        AuthleteModel.List.Read(await new AuthleteService(gateway, "orders", "second-management-secret").ListAsync());
        AuthleteModel.List.Read(await new AuthleteService(gateway, "orders", TestGateway.Secret).ListAsync());
    }

    [Fact]
    public async Task WithoutAnySecret_TheAnswerSaysWhichToSet()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Secret = null;
        });

        var refused = AuthleteModel.ShouldFail(await new AuthleteService(gateway, "orders", "").ListAsync(), 403, "A003203");
        Assert.Contains("EdgeAuth:Management:Secret", refused.Body, StringComparison.Ordinal);
        AuthleteModel.ShouldFail(await new AuthleteService(gateway, "nobody", "").ListAsync(), 401, "A003201");
        AuthleteModel.List.Read(await new AuthleteService(gateway, "shop", AuthleteGateway.ShopSecret).ListAsync());
    }

    [Fact]
    public async Task ServiceWhoseRealmWasTakenAway_IsNoneAnyMore()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, AuthleteGateway.Enable);
        var billing = new AuthleteService(gateway, "billing", TestGateway.Secret);
        AuthleteModel.List.Read(await billing.ListAsync());

        gateway.Folder.Delete("config/apis/billing.json");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

        AuthleteModel.ShouldFail(await billing.ListAsync(), 401, "A003201");
        AuthleteModel.List.Read(await new AuthleteService(gateway, "orders", TestGateway.Secret).ListAsync());
    }

    [Fact]
    public async Task Services_ActFromTheNextReloadOn()
    {
        static string Settings(string services) => "{\"EdgeAuth\":{\"Dialects\":{\"Authlete\":{\"Services\":" + services + "}}}}";
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Folder.Write("config/gateway.json", Settings("""{"late":{"Secret":"first-secret","Realm":"orders"},"billing":{"Secret":"own-secret"}}"""));
        });
        AuthleteModel.List.Read(await new AuthleteService(gateway, "late", "first-secret").ListAsync());
        AuthleteModel.List.Read(await new AuthleteService(gateway, "billing", "own-secret").ListAsync());
        AuthleteModel.ShouldFail(await new AuthleteService(gateway, "billing", TestGateway.Secret).ListAsync(), 401, "A003204");

        gateway.Folder.Write("config/gateway.json", Settings("""{"late":{"Secret":"second-secret","Realm":"billing"}}"""));
        AuthleteModel.List.Read(await new AuthleteService(gateway, "late", "first-secret").ListAsync());
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

        AuthleteModel.ShouldFail(await new AuthleteService(gateway, "late", "first-secret").ListAsync(), 401, "A003204");
        AuthleteModel.List.Read(await new AuthleteService(gateway, "late", "second-secret").ListAsync());
        AuthleteModel.List.Read(await new AuthleteService(gateway, "billing", TestGateway.Secret).ListAsync());
        AuthleteModel.ShouldFail(await new AuthleteService(gateway, "billing", "own-secret").ListAsync(), 401, "A003204");
    }

    [Fact]
    public async Task WhereTlsIsRequired_PlainCallsAreRefused()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Dialects:Authlete:RequireTls", "true");
        });

        AuthleteModel.ShouldFail(await new AuthleteService(gateway, "orders", TestGateway.Secret).ListAsync(), 400, "A001201");
        AuthleteModel.ShouldFail(await new AuthleteService(gateway, "orders", "wrong").ListAsync(), 400, "A001201");
    }

    private async Task<Answer> SendAsync(string method, string path, string? authorization = null, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), AuthleteService.Path + path) { Content = body is null ? null : AuthleteService.Content(body, "application/json") };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await Gateway.SendAsync(request);
    }
}
