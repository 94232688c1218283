using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Where the dialect is, and what it answers where it serves nothing (spec/authlete.md 0, design: reserved paths).</summary>
public sealed class MountTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    [Theory]
    [InlineData("/create", "POST")]
    [InlineData("/update", "POST")]
    [InlineData("/revoke", "POST")]
    [InlineData("/get/list", "GET")]
    [InlineData("/delete/x", "DELETE")]
    public async Task Path_OwnsEveryMethod(string path, string served)
    {
        foreach (var method in Methods.Where(method => method != served))
        {
            foreach (var end in new[] { "", "/" })
            {
                var refused = AuthleteModel.ShouldFail(await shared.Orders.SendAsync(method, AuthleteService.Path + path + end), 405, "A000201");
                Assert.Equal(served is "GET" ? "GET, HEAD" : served, refused.Header("Allow"));
            }
        }

        Assert.NotEqual(405, (await shared.Orders.SendAsync(served, AuthleteService.Path + path)).Status);
        Assert.NotEqual(405, (await shared.Orders.SendAsync(served, AuthleteService.Path + path + "/")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/get")]
    [InlineData("/nowhere")]
    [InlineData("/create/x")]
    [InlineData("/get/list/x")]
    [InlineData("/delete-everything")]
    public async Task UnknownPath_IsNotFound(string path)
    {
        foreach (var method in Methods)
        {
            AuthleteModel.ShouldFail(await shared.Orders.SendAsync(method, AuthleteService.Path + path), 404, "A000201");
        }
    }

    [Fact]
    public async Task Head_IsAnsweredAsGet_OnTheListOnly()
    {
        var (get, head) = (await shared.Billing.ListAsync("subject=nobody"), await shared.Billing.SendAsync("HEAD", "/api/auth/token/get/list?subject=nobody"));

        Assert.Equal((200, "", get.ShouldBe(200).Header("Content-Length")), (head.Status, head.Body, head.Header("Content-Length")));
        (await shared.Orders.SendAsync("HEAD", "/api/auth/token/create")).ShouldBe(405);
        (await shared.Orders.SendAsync("HEAD", "/api/auth/token/delete/x")).ShouldBe(405);
    }

    [Theory]
    [InlineData("/api/auth/token/get/list/?start=0&end=0")]
    [InlineData("/API/Auth/Token/Get/List")]
    public async Task List_IsFound_HoweverItIsWritten(string path) => AuthleteModel.List.Read(await shared.Orders.SendAsync("GET", path));

    [Fact]
    public async Task SwitchedOff_ThePathsAreReserved()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [.. AuthleteGateway.Apis(upstream), Definitions.Keyless("all", upstream).With("proxy.listen_path", "/api/")]);

        foreach (var path in new[] { "/api/auth/token", "/api/auth/token/get/list", "/api/auth/token/delete/x" })
        {
            Assert.Equal("Not Found", (await new AuthleteService(gateway, "orders", TestGateway.Secret).SendAsync("GET", path)).ShouldBe(404).Body);
        }

        (await gateway.CallAsync("/api/other")).ShouldBe(200);
    }

    [Fact]
    public async Task ApiThatCoversThePaths_GetsNoneOfThem()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [.. AuthleteGateway.Apis(upstream), Definitions.Keyless("all", upstream).With("proxy.listen_path", "/api/")], AuthleteGateway.Enable);

        AuthleteModel.ShouldFail(await gateway.CallAsync("/api/auth/token/get/list"), 401, "A001202");
        AuthleteModel.ShouldFail(await gateway.CallAsync("/api/auth/token"), 401, "A001202");
        (await gateway.CallAsync("/api/auth")).ShouldBe(200);
    }

    [Fact]
    public async Task PathBase_MovesIt_AndIsReserved()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Dialects:Authlete:PathBase", "/lete/");
        });
        var service = new AuthleteService(gateway, "orders", TestGateway.Secret);

        AuthleteModel.List.Read(await service.SendAsync("GET", "/lete/api/auth/token/get/list"));
        AuthleteModel.ShouldFail(await service.SendAsync("DELETE", "/lete/api/auth/token/delete/x"), 404, "A161202");
        AuthleteModel.ShouldFail(await service.SendAsync("DELETE", "/lete/api/auth/token/delete/"), 400, "A161201");
        Assert.Equal("Not Found", (await service.ListAsync()).ShouldBe(404).Body);
        Assert.Equal("Not Found", (await service.SendAsync("GET", "/lete/other")).ShouldBe(404).Body);
    }

    [Fact]
    public async Task SharedPathBase_Serves()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Dialects:Authlete:PathBase", "/gate");
            setup.Set("EdgeAuth:Dialects:Tyk:PathBase", "/Gate");
        });

        AuthleteModel.List.Read(await new AuthleteService(gateway, "orders", TestGateway.Secret).SendAsync("GET", "/gate/api/auth/token/get/list"));
        (await gateway.ManageAsync("GET", "/gate/tyk/apis")).ShouldBe(200);
        Assert.Equal("Not Found", (await gateway.CallAsync("/gate/x")).ShouldBe(404).Body);
    }

    [Fact]
    public async Task Host_IsWhereItIs()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Dialects:Authlete:Host", "authlete.example");
        });
        var authorization = new AuthleteService(gateway, "orders", TestGateway.Secret).Authorization;

        Assert.Equal(200, (await RawHttp.SendAsync(gateway.Url, $"GET /api/auth/token/get/list HTTP/1.1\nHost: Authlete.example:99\nAuthorization: {authorization}\n\n")).Status);
        var elsewhere = await RawHttp.SendAsync(gateway.Url, $"GET /api/auth/token/get/list HTTP/1.1\nHost: other.example\nAuthorization: {authorization}\n\n");
        Assert.Equal((404, ""), (elsewhere.Status, elsewhere.Body));
    }

    [Fact]
    public async Task AnotherPort_IsNotWhereItIs()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, static setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Dialects:Authlete:Port", Ports.Free().ToString());
        });

        var elsewhere = (await new AuthleteService(gateway, "orders", TestGateway.Secret).ListAsync()).ShouldBe(404);
        Assert.Equal("", elsewhere.Body);
        (await gateway.ManageAsync("GET", "/tyk/apis")).ShouldBe(200);
    }

    [Fact]
    public async Task ManagementPort_IsWhereItIs()
    {
        var port = Ports.Free();
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Set("EdgeAuth:Management:Port", port.ToString());
        });
        using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var service = new AuthleteService(gateway, "orders", TestGateway.Secret);

        (await service.ListAsync()).ShouldBe(404);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/token/get/list");
        request.Headers.TryAddWithoutValidation("Authorization", service.Authorization);
        AuthleteModel.List.Read(await management.AnswerAsync(request));
    }
}
