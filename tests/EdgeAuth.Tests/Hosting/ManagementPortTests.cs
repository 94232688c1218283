using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Hosting;

/// <summary>Management with a port of its own: nothing of it on the traffic port, and no traffic on its own (spec/tyk.md j.4).</summary>
public sealed class ManagementPortTests(ManagementPortTests.Fixture fixture) : IClassFixture<ManagementPortTests.Fixture>
{
    private TestGateway Gateway => fixture.Gateway;

    private HttpClient Management => fixture.Management;

    [Theory]
    [InlineData("GET", "/tyk/oauth/clients/orders")]
    [InlineData("POST", "/tyk/keys/create")]
    [InlineData("GET", "/tyk/reload/")]
    [InlineData("GET", "/TYK/reload")]
    [InlineData("GET", "/tyk")]
    [InlineData("GET", "/tyk/whatever")]
    [InlineData("GET", "/tyk//reload")]
    [InlineData("POST", "/tyk/oauth/authorize-client")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/openapi.json")]
    public async Task Management_IsNotOnTheTrafficPort(string method, string path)
    {
        Gateway.Upstream.Requests.Clear();

        (await Gateway.ManageAsync(method, path)).ShouldBe(404);
        (await Gateway.CallAsync(path, method: method)).ShouldBe(404);

        Assert.Empty(Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("/orders/x")]
    [InlineData("/open/x")]
    [InlineData("/plain/x")]
    [InlineData("/orders/oauth/token/")]
    [InlineData("/orders/oauth/authorize/")]
    [InlineData("/orders/oauth/revoke")]
    [InlineData("/orders/tyk/oauth/authorize-client/")]
    [InlineData("//open/x")]
    [InlineData("/tyk/../open/x")]
    [InlineData("/tykopen/x")]
    [InlineData("/")]
    public async Task Traffic_IsNotOnTheManagementPort(string path)
    {
        Gateway.Upstream.Requests.Clear();

        foreach (var method in new[] { "GET", "POST" })
        {
            var answer = await RawHttp.SendAsync(Management.BaseAddress!.ToString(), $"{method} {path} HTTP/1.1\nHost: {Management.BaseAddress.Authority}\nX-Tyk-Authorization: {TestGateway.Secret}");
            Assert.Equal(404, answer.Status);
        }

        Assert.Empty(Gateway.Upstream.Requests);
    }

    [Fact]
    public async Task Host_CannotBeForged()
    {
        Gateway.Upstream.Requests.Clear();
        var (traffic, management) = (new Uri(Gateway.Url), Management.BaseAddress!);

        var crossing = await RawHttp.SendAsync(Gateway.Url, $"GET /tyk/reload HTTP/1.1\nHost: {management.Authority}\nX-Tyk-Authorization: {TestGateway.Secret}");
        var absolute = await RawHttp.SendAsync(Gateway.Url, $"GET {management}tyk/reload HTTP/1.1\nHost: {management.Authority}\nX-Tyk-Authorization: {TestGateway.Secret}");
        var back = await RawHttp.SendAsync(management.ToString(), $"GET /open/x HTTP/1.1\nHost: {traffic.Authority}");
        var forwarded = await RawHttp.SendAsync(Gateway.Url, $"GET /tyk/reload HTTP/1.1\nHost: x\nX-Forwarded-Host: {management.Authority}\nX-Forwarded-Port: {management.Port}\nX-Tyk-Authorization: {TestGateway.Secret}");

        Assert.Equal([404, 404, 404, 404], new[] { crossing.Status, absolute.Status, back.Status, forwarded.Status });
        Assert.Empty(Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("/hello")]
    [InlineData("/ready")]
    public async Task Health_AnswersOnBoth(string path)
    {
        (await Gateway.CallAsync(path)).ShouldBe(200);
        (await Management.CallAsync(path)).ShouldBe(200);
    }

    [Fact]
    public async Task Metrics_AreOnTheManagementPort() =>
        Assert.Contains("# TYPE ", (await Management.CallAsync("/metrics")).ShouldBe(200).Body, StringComparison.Ordinal);

    [Fact]
    public async Task Management_StillWantsTheSecret() => (await Management.CallAsync("/tyk/reload")).ShouldBe(403);

    // What management makes there, traffic uses here; an API's own authorize-client is part of the API.
    [Fact]
    public async Task Story_UsesBothPorts()
    {
        var client = (await Management.ManageAsync("POST", "/tyk/oauth/clients/create", TestGateway.Json("""{"api_id":"orders","redirect_uri":"http://app.example/cb"}"""))).ShouldBe(200);
        var made = new OAuthClient(client.Text("client_id"), client.Text("secret"), "http://app.example/cb");
        var code = await Gateway.AuthorizeAsync("orders", made, Definitions.Session(["orders"]));
        var tokens = (await Gateway.TokenAsync("orders", made, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", made.RedirectUri))).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", tokens.Text("access_token"))).ShouldBe(200);
        (await Management.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", tokens.Text("access_token")), ("client_id", made.Id)))).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", tokens.Text("access_token"))).ShouldBe(401);
    }

    [Fact]
    public async Task TyksName_SetsThePortToo()
    {
        var port = Ports.Free();
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.Keyless("open", upstream)], setup => setup.Set("EdgeAuth:Dialects:Tyk:control_api_port", port.ToString()));
        using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        (await management.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(404);
        (await management.CallAsync("/open/x")).ShouldBe(404);
        (await gateway.CallAsync("/open/x")).ShouldBe(200);
    }

    public sealed class Fixture : GatewayFixture
    {
        private int _port;

        internal HttpClient Management => field ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };

        private protected override Task<TestGateway> StartAsync()
        {
            _port = Ports.Free();
            var target = "";
            return TestGateway.StartAsync(
                upstream =>
                {
                    target = upstream;
                    return [Definitions.OAuth("orders", upstream), Definitions.Keyless("open", upstream)];
                },
                setup =>
                {
                    setup.Set("EdgeAuth:Management:Port", _port.ToString());
                    setup.Folder.Write("config/gateway.json", new JsonObject
                    {
                        ["ReverseProxy"] = new JsonObject
                        {
                            ["Routes"] = new JsonObject { ["plain"] = new JsonObject { ["ClusterId"] = "own", ["Match"] = new JsonObject { ["Path"] = "/plain/{**rest}" } } },
                            ["Clusters"] = new JsonObject { ["own"] = new JsonObject { ["Destinations"] = new JsonObject { ["one"] = new JsonObject { ["Address"] = target } } } },
                        },
                    }.ToJsonString());
                });
        }
    }
}
