using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Embedding;

/// <summary>A program whose configuration cannot be enforced does not start, and says why.</summary>
public sealed class EmbeddedFailureTests
{
    [Fact]
    public async Task UnknownApi_FailsTheLoad()
    {
        var message = await FailAsync(static upstream => OwnProxy.Settings(upstream, ("guarded", OwnProxy.Route("/x/{**rest}", "ordres"))), OwnProxy.InternalOnly);

        Assert.Contains("Route guarded: no definition has the api_id \"ordres\" that its metadata EdgeAuth.Api names.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownApi_FailsTheLoad_WhenThereIsNoDefinitionAtAll()
    {
        var message = await FailAsync(OwnProxy.Standard, static _ => []);

        Assert.Contains("no definition has the api_id \"orders\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownKey_IsNamedWithTheNearestKnownOne()
    {
        var message = await FailAsync(static upstream => OwnProxy.Standard(upstream).With("EdgeAuth.Management.Secert", "x"), OwnProxy.InternalOnly);

        Assert.Contains("$.EdgeAuth.Management.Secert: is not a known key; did you mean Secret?", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongValue_IsNamed()
    {
        var message = await FailAsync(static upstream => OwnProxy.Standard(upstream).With("EdgeAuth.OAuth.CodeLifetime", "soon"), OwnProxy.InternalOnly);

        Assert.Contains("$.EdgeAuth.OAuth.CodeLifetime = \"soon\": ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadDefinition_IsNamedWithFileAndPath()
    {
        var message = await FailAsync(OwnProxy.Standard, static upstream => [OwnProxy.Internal(), Definitions.Keys("stock", "ftp://host")]);

        Assert.Contains("apis/stock.json $.proxy.target_url = \"ftp://host\": ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingDirectory_IsNamed_WhereNothingNeedsIt()
    {
        await using var program = await EmbeddedProgram.StartAsync(
            static upstream => OwnProxy.Settings(upstream, ("free", OwnProxy.Route("/free/{**rest}"))),
            static _ => [],
            static builder => builder.Configuration["EdgeAuth:Catalog:Directory"] = "/nowhere/at/all");

        Assert.Contains(program.Logs.Lines, static line => line.Level == LogLevel.Warning && line.Text.Contains("/nowhere/at/all", StringComparison.Ordinal));
        (await program.Http.CallAsync("/free/x")).ShouldBe(200);
    }

    [Fact]
    public async Task MissingDirectory_FailsTheLoad_WhereARouteNeedsIt()
    {
        var message = await FailAsync(OwnProxy.Standard, OwnProxy.InternalOnly, static builder => builder.Configuration["EdgeAuth:Catalog:Directory"] = "/nowhere/at/all");

        Assert.Contains("no definition has the api_id \"orders\"", message, StringComparison.Ordinal);
    }

    // A program may map management before its proxy: the same configuration fails there.
    [Fact]
    public async Task BadDefinition_FailsManagementToo()
    {
        var message = await FailAsync(OwnProxy.Standard, static upstream => [OwnProxy.Internal(), Definitions.Keys("stock", "ftp://host")], map: static app => app.MapEdgeAuth());

        Assert.Contains("apis/stock.json $.proxy.target_url", message, StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(
        Func<string, JsonObject> settings, Func<string, IEnumerable<JsonObject>> apis, Action<WebApplicationBuilder>? add = null, Action<WebApplication>? map = null)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => EmbeddedProgram.StartAsync(settings, apis, add, map));
        return error.ToString();
    }
}
