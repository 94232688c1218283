using EdgeAuth.OAuth.Secrets;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.Embedding;

/// <summary>EdgeAuth in a program that proxies with YARP already: it enforces where it is asked to, and leaves the rest alone.</summary>
public sealed class EmbeddedProgramTests
{
    private const string Guarded = "/v2/orders/1";

    [Fact]
    public async Task RouteThatNamesAnApi_IsEnforced()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly);

        (await program.Http.CallAsync(Guarded)).ShouldBeRefused(401, "credential_missing");
        (await program.Http.CallAsync(Guarded, "unknown")).ShouldBeRefused(401, "credential_unknown");
        Assert.Empty(program.Upstream.Requests);
    }

    // The whole story of docs/coming-from-yarp.md: a client, its token, a call, the end.
    [Fact]
    public async Task Token_IsManagedAndEnforced()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly);
        var client = (await program.Http.ManageAsync("POST", "/tyk/oauth/clients/create", TestGateway.Json("""{"api_id":"orders","redirect_uri":"http://app.example/cb"}"""))).ShouldBe(200);
        var rules = Definitions.Session(["orders"], """{"rate":2,"per":60}""").ToJsonString();
        var code = (await program.Http.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(
            ("response_type", "code"), ("client_id", client.Text("client_id")), ("redirect_uri", "http://app.example/cb"), ("key_rules", rules)))).ShouldBe(200).Text("code");
        using var exchange = new HttpRequestMessage(HttpMethod.Post, "/orders/oauth/token/")
        {
            Content = TestGateway.Form(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "http://app.example/cb"), ("client_id", client.Text("client_id")), ("client_secret", client.Text("secret"))),
        };
        var token = (await program.Http.AnswerAsync(exchange)).ShouldBe(200).Text("access_token");

        var first = (await program.Http.CallAsync(Guarded, token)).ShouldBe(200);
        (await program.Http.CallAsync(Guarded, token)).ShouldBe(200);
        (await program.Http.CallAsync(Guarded, token)).ShouldBeRefused(429, "rate_exceeded");
        (await program.Http.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", token), ("client_id", client.Text("client_id"))))).ShouldBe(200);
        (await program.Http.CallAsync(Guarded, token)).ShouldBeRefused(401, "credential_unknown");

        Assert.Equal("\"rate\";q=2;w=60", first.Header("RateLimit-Policy"));
        Assert.Equal([Guarded, Guarded], program.Upstream.Requests.Select(static request => request.Path));
    }

    [Fact]
    public async Task OtherRoute_IsUntouched()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly);
        program.Upstream.Answer = static context =>
        {
            context.Response.Headers["X-RateLimit-Limit"] = "of the upstream";
            return context.Response.WriteAsync("free");
        };

        var answer = (await program.Http.CallAsync("/free/a%2Fb?q=1", "whatever")).ShouldBe(200);

        var seen = Assert.Single(program.Upstream.Requests);
        Assert.Equal(("/free/a%2Fb", "?q=1", "Bearer whatever"), (seen.Path, seen.Query, seen.Headers["Authorization"]));
        Assert.Equal("of the upstream", answer.Header("X-RateLimit-Limit"));
        Assert.Null(answer.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task ProgramsOwnEndpoints_StayItsOwn()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly, map: static app =>
        {
            app.MapGet("/mine", static () => "mine");
            app.MapEdgeAuth();
            app.MapReverseProxy();
        });

        Assert.Equal("mine", (await program.Http.CallAsync("/mine")).ShouldBe(200).Body);
        (await program.Http.CallAsync("/nowhere")).ShouldBe(404);
        (await program.Http.CallAsync(Guarded)).ShouldBeRefused(401, "credential_missing");
        (await program.Http.CallAsync("/hello")).ShouldBe(200);
    }

    [Fact]
    public async Task Proxy_IsMappedByTheProgramOnly()
    {
        await using var program = await EmbeddedProgram.StartAsync(
            OwnProxy.Standard, static upstream => [OwnProxy.Internal(), Definitions.Keyless("open", upstream)], map: static app => app.MapEdgeAuth());

        (await program.Http.CallAsync(Guarded)).ShouldBe(404);
        (await program.Http.CallAsync("/free/x")).ShouldBe(404);
        (await program.Http.CallAsync("/open/x")).ShouldBe(404);
        await program.CreateKeyAsync(Definitions.Session(["orders"]));
        Assert.Empty(program.Upstream.Requests);
    }

    [Fact]
    public async Task Enforcement_NeedsNoManagement()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly, map: static app => app.MapReverseProxy());

        (await program.Http.CallAsync(Guarded)).ShouldBeRefused(401, "credential_missing");
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);
        (await program.Http.ManageAsync("GET", "/tyk/keys")).ShouldBe(404);
        (await program.Http.CallAsync("/hello")).ShouldBe(404);
    }

    [Fact]
    public async Task DefinitionWithAListenPath_IsServedBesideTheProgramsRoutes()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, static upstream => [OwnProxy.Internal(), Definitions.Keys("stock", upstream)]);
        var key = await program.CreateKeyAsync(Definitions.Session(["stock"]));

        (await program.Http.CallAsync("/stock/x")).ShouldBeRefused(401, "credential_missing");
        (await program.Http.CallAsync("/stock/x", key)).ShouldBe(200);
        (await program.Http.CallAsync("/orders/x", key)).ShouldBe(404);
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);
    }

    [Fact]
    public async Task ProgramsKeyRing_StaysItsOwn()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly, static builder => builder.Services.AddDataProtection());

        Assert.IsNotType<KeyRingRepository>(program.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository);
    }

    [Fact]
    public async Task Records_AreWhereTheProgramSaysTheyAre()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly);

        Assert.True(File.Exists(program.Folder.File("edgeauth.db")));
        Assert.False(Directory.Exists(program.Folder.File("data")));
    }
}
