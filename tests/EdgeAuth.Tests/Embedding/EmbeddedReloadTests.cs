using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Embedding;

/// <summary>The program reloads its proxy and EdgeAuth its definitions, each without upsetting the other.</summary>
public sealed class EmbeddedReloadTests
{
    private const string Guarded = "/v2/orders/1";

    [Fact]
    public async Task ProgramsReload_BringsRoutesThatAreEnforced()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly);
        (await program.Http.CallAsync("/v3/x")).ShouldBe(404);

        program.ChangeSettings(OwnProxy.Settings(program.Upstream.Url, ("guarded", OwnProxy.Route("/v3/{**rest}", "orders")), ("free", OwnProxy.Route("/free/{**rest}"))));

        await Eventually.HoldsAsync(async () => (await program.Http.CallAsync("/v3/x")).Status == 401);
        (await program.Http.CallAsync(Guarded)).ShouldBe(404);
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);
    }

    [Fact]
    public async Task ProgramsReload_TakesTheGuardOffAndPutsItOn()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly);

        program.ChangeSettings(OwnProxy.Settings(program.Upstream.Url, ("guarded", OwnProxy.Route("/v2/orders/{**rest}")), ("free", OwnProxy.Route("/free/{**rest}", "orders"))));

        await Eventually.HoldsAsync(async () => (await program.Http.CallAsync("/free/x")).Status == 401);
        (await program.Http.CallAsync(Guarded)).ShouldBe(200);
    }

    [Fact]
    public async Task ProgramsReload_IsRefused_WhenItNamesAnUnknownApi()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, OwnProxy.InternalOnly);

        program.ChangeSettings(OwnProxy.Settings(program.Upstream.Url, ("guarded", OwnProxy.Route("/v3/{**rest}", "ordres"))));

        await Eventually.HoldsAsync(() => program.Logs.Lines.Any(static line => line.Level >= LogLevel.Error && line.Text.Contains("\"ordres\"", StringComparison.Ordinal)));
        (await program.Http.CallAsync(Guarded)).ShouldBeRefused(401, "credential_missing");
        (await program.Http.CallAsync("/v3/x")).ShouldBe(404);
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);
    }

    [Fact]
    public async Task ReloadOfDefinitions_ChangesTheRulesOfTheProgramsRoutes()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, static _ => [KeysFor("orders")]);
        var key = await program.CreateKeyAsync(Definitions.Session(["orders"]));
        (await program.Http.CallAsync(Guarded, key)).ShouldBe(200);

        program.Folder.Write("config/apis/orders.json", KeysFor("orders").With("auth.auth_header_name", "X-Key").ToJsonString());
        (await program.Http.ManageAsync("GET", "/tyk/reload/")).ShouldBe(200);

        (await program.Http.CallAsync(Guarded, key)).ShouldBeRefused(401, "credential_missing");
        using var request = new HttpRequestMessage(HttpMethod.Get, Guarded);
        request.Headers.Add("X-Key", key);
        (await program.Http.AnswerAsync(request)).ShouldBe(200);
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);
    }

    [Fact]
    public async Task ReloadOfDefinitions_IsRefused_WhenARouteWouldLoseItsApi()
    {
        await using var program = await EmbeddedProgram.StartAsync(OwnProxy.Standard, static _ => [OwnProxy.Internal(), OwnProxy.Internal("billing")]);

        program.Folder.Delete("config/apis/orders.json");
        var answer = (await program.Http.ManageAsync("GET", "/tyk/reload/")).ShouldBe(400);

        Assert.Contains("no definition has the api_id \\u0022orders\\u0022", answer.Body.Replace("\\\"", "\\u0022", StringComparison.Ordinal), StringComparison.Ordinal);
        (await program.Http.CallAsync(Guarded)).ShouldBeRefused(401, "credential_missing");
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);

        // Once the route is gone, so may be the definition.
        program.ChangeSettings(OwnProxy.Settings(program.Upstream.Url, ("free", OwnProxy.Route("/free/{**rest}"))));
        await Eventually.HoldsAsync(async () => (await program.Http.CallAsync(Guarded)).Status == 404);
        (await program.Http.ManageAsync("GET", "/tyk/reload/")).ShouldBe(200);
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);
    }

    private static System.Text.Json.Nodes.JsonObject KeysFor(string id) => Definitions.Keys(id, "").With("internal", true).With("proxy", new { });
}
