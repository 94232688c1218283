using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>Calls from pages of other origins (spec d.2 step 2, g: <c>CORS</c>).</summary>
public sealed class CorsTests
{
    private const string App = "https://app.example";

    [Theory]
    [InlineData("""{}""", App, "*")]
    [InlineData("""{"allowed_origins":["*"]}""", App, "*")]
    [InlineData("""{"allowed_origins":["https://app.example"]}""", App, App)]
    [InlineData("""{"allowed_origins":["https://APP.example"]}""", App, App)]
    [InlineData("""{"allowed_origins":["https://*.example"]}""", App, App)]
    [InlineData("""{"allowed_origins":["https://*.example"]}""", "https://.example", "https://.example")]
    [InlineData("""{"allowed_origins":["https://*.example"]}""", "https://app.example.evil", null)]
    [InlineData("""{"allowed_origins":["https://*.example"]}""", "http://app.example", null)]
    [InlineData("""{"allowed_origins":["https://app.example"]}""", "https://app.example:8443", null)]
    [InlineData("""{"allowed_origins":["https://app.example"]}""", "null", null)]
    public async Task Answer_NamesTheOrigin_WhenItIsAllowed(string cors, string origin, string? allowed)
    {
        await using var gateway = await StartAsync(cors);
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        // Refusals of later steps are told to the page too.
        foreach (var (credential, status) in new[] { (key, 200), ("nobody-has-this", 401) })
        {
            var answer = (await SendAsync(gateway, "GET", "/stock/x", origin, key: credential)).ShouldBe(status);
            Assert.Equal(allowed, answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal(allowed == "*" ? null : "Origin", answer.Header("Vary"));
        }

        var none = (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        Assert.Null(none.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Preflight_IsAnswered_WithoutACredentialAndWithoutTheUpstream()
    {
        await using var gateway = await StartAsync("""{"allowed_origins":["https://app.example"],"allowed_methods":["get","PUT"],"allowed_headers":["X-One"],"exposed_headers":["X-Two"],"allow_credentials":true,"max_age":60}""");

        var answer = (await SendAsync(gateway, "OPTIONS", "/stock/x", App, method: "PUT", headers: "x-one")).ShouldBe(204);

        Assert.Equal("", answer.Body);
        Assert.Equal((App, "true", "60"), (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials"), answer.Header("Access-Control-Max-Age")));
        Assert.Contains("PUT", answer.Header("Access-Control-Allow-Methods")!, StringComparison.Ordinal);
        Assert.DoesNotContain("POST", answer.Header("Access-Control-Allow-Methods")!, StringComparison.Ordinal);
        Assert.Contains("X-One", answer.Header("Access-Control-Allow-Headers")!, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Content-Type", answer.Header("Access-Control-Allow-Headers")!, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(gateway.Upstream.Requests);

        var other = (await SendAsync(gateway, "OPTIONS", "/stock/x", "https://evil.example", method: "PUT")).ShouldBe(204);
        Assert.DoesNotContain(other.Headers.Keys, static name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task EmptyLists_TakeTheirDefaults()
    {
        await using var gateway = await StartAsync("{}");

        var answer = (await SendAsync(gateway, "OPTIONS", "/stock/x", App, method: "POST", headers: "content-type")).ShouldBe(204);

        Assert.Equal(["GET", "HEAD", "POST"], List(answer, "Access-Control-Allow-Methods"));
        Assert.Equal(["Accept", "Content-Type", "Origin", "X-Requested-With"], List(answer, "Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData("""{"allow_credentials":true}""", App, "*", null)]
    [InlineData("""{"allow_credentials":true,"allowed_origins":["*"]}""", App, "*", null)]
    [InlineData("""{"allow_credentials":true,"allowed_origins":["https://*.example"]}""", App, App, "true")]
    [InlineData("""{"allow_credentials":true,"allowed_origins":["https://*"]}""", App, App, null)]
    [InlineData("""{"allow_credentials":true,"allowed_origins":["http*"]}""", App, App, null)]
    [InlineData("""{"allow_credentials":true,"allowed_origins":["https://app.example","https://*:8443"]}""", "https://app.example:8443", "https://app.example:8443", null)]
    [InlineData("""{"allow_credentials":true,"allowed_origins":["https://*"]}""", "http://app.example", null, null)]
    public async Task Credentials_AreAllowed_ToOriginsThatAreNamed(string cors, string origin, string? allowed, string? credentials)
    {
        await using var gateway = await StartAsync(cors);

        var answer = await SendAsync(gateway, "GET", "/stock/x", origin);

        Assert.Equal((allowed, credentials), (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials")));
    }

    [Fact]
    public async Task Passthrough_LeavesPreflightsToTheUpstream()
    {
        await using var gateway = await StartAsync("""{"options_passthrough":true}""", keyless: true);

        var answer = (await SendAsync(gateway, "OPTIONS", "/stock/x", App, method: "POST")).ShouldBe(200);

        Assert.Equal("OPTIONS", gateway.Upstream.Requests.Single().Method);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task OptionsThatIsNoPreflight_GoesItsWay()
    {
        await using var gateway = await StartAsync("{}");

        (await SendAsync(gateway, "OPTIONS", "/stock/x", App)).ShouldBe(401);
        (await gateway.CallAsync("/stock/x", method: "OPTIONS")).ShouldBe(401);
    }

    [Fact]
    public async Task FieldsOfTheUpstream_GiveWay()
    {
        await using var gateway = await StartAsync("""{"allowed_origins":["https://app.example"],"exposed_headers":["X-Two"]}""", keyless: true);
        gateway.Upstream.Answer = static context =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlAllowCredentials = "true";
            context.Response.Headers.AccessControlExposeHeaders = "X-Theirs";
            context.Response.Headers.Vary = "Accept";
            return Task.CompletedTask;
        };

        var answer = (await SendAsync(gateway, "GET", "/stock/x", App)).ShouldBe(200);
        Assert.Equal((App, null, "X-Two"), (answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Credentials"), answer.Header("Access-Control-Expose-Headers")));
        Assert.Equal(["Accept", "Origin"], List(answer, "Vary"));

        var other = (await SendAsync(gateway, "GET", "/stock/x", "https://evil.example")).ShouldBe(200);
        Assert.Null(other.Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task ForbiddenPath_ComesFirst_AndTheAddressAfter(string style)
    {
        await using var gateway = await TestGateway.StartAsync(upstream =>
        [
            Definitions.Keys("stock", upstream).With("errors", style).With("CORS.enable", true)
                .With("version_data.versions.Default.paths.black_list", new[] { "/closed" }).With("blacklisted_ips", new[] { "127.0.0.1" }),
        ]);

        (await SendAsync(gateway, "OPTIONS", "/stock/closed", App, method: "POST")).ShouldBeRefused(style, GateRefusals.PathForbidden);
        (await SendAsync(gateway, "OPTIONS", "/stock/x", App, method: "POST")).ShouldBe(204);
        var refused = (await SendAsync(gateway, "GET", "/stock/x", App)).ShouldBeRefused(style, GateRefusals.IpForbidden);
        Assert.Equal("*", refused.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task OAuthEndpoints_TellTheOrigin_AndManagementDoesNot()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream).With("CORS", new JsonObject { ["enable"] = true })]);

        (await SendAsync(gateway, "OPTIONS", "/orders/oauth/token/", App, method: "POST")).ShouldBe(204);
        Assert.Equal("*", (await SendAsync(gateway, "POST", "/orders/oauth/token/", App)).ShouldBe(400).Header("Access-Control-Allow-Origin"));
        var management = await SendAsync(gateway, "OPTIONS", "/orders/tyk/oauth/authorize-client/", App, method: "POST");
        Assert.NotEqual(204, management.Status);
        Assert.Null(management.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task SwitchedOff_NothingIsTold()
    {
        await using var gateway = await StartAsync("""{"enable":false}""", keyless: true);

        var answer = (await SendAsync(gateway, "OPTIONS", "/stock/x", App, method: "POST")).ShouldBe(200);

        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Vary"));
    }

    private static string[] List(Answer answer, string name) => [.. answer.Header(name)!.Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal)];

    private static Task<TestGateway> StartAsync(string cors, bool keyless = false) => TestGateway.StartAsync(upstream =>
    {
        var settings = JsonNode.Parse(cors)!.AsObject();
        settings.TryAdd("enable", true);
        return [(keyless ? Definitions.Keyless("stock", upstream) : Definitions.Keys("stock", upstream)).With("CORS", settings)];
    });

    private static async Task<Answer> SendAsync(TestGateway gateway, string verb, string path, string origin, string? method = null, string? headers = null, string? key = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        request.Headers.Add("Origin", origin);
        foreach (var (name, value) in new[] { ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers), ("Authorization", key) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await gateway.SendAsync(request);
    }
}
