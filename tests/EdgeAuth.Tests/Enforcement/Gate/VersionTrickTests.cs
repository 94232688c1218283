using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>Requests that name one version to the gateway and another to who reads them after it (spec g: <c>version_data</c>).</summary>
public sealed class VersionTrickTests
{
    [Theory]
    [InlineData("url-param", "GET /stock/x?v=nope&v=v2 HTTP/1.1\nHost: a")]
    [InlineData("url-param", "GET /stock/x?v=&v= HTTP/1.1\nHost: a")]
    [InlineData("header", "GET /stock/x HTTP/1.1\nHost: a\nX-Version: nope\nX-Version: v2")]
    [InlineData("header", "GET /stock/x HTTP/1.1\nHost: a\nX-Version: nope, v2")]
    public async Task VersionNamedTwice_DoesNotFallBack(string location, string request)
    {
        await using var gateway = await StartAsync(location, static api => api.With("version_data.default_version", "v1").With("definition.fallback_to_default", true));
        (await RawAsync(gateway, location == "header" ? "GET /stock/x HTTP/1.1\nHost: a\nX-Version: nope" : "GET /stock/x?v=nope HTTP/1.1\nHost: a")).ShouldBe(200);

        (await RawAsync(gateway, request)).ShouldBeRefused(403, "version_unknown");

        Assert.Single(gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("fallback_to_default", "/stock/x%2F..%2Fv2/items", 403)]
    [InlineData("fallback_to_default", "/stock/v2;x/items", 403)]
    [InlineData("fallback_to_default", "/stock/v2%3Fx/items", 403)]
    [InlineData("fallback_to_default", "/stock/v1;x/items", 200)]
    [InlineData("fallback_to_default", "/stock/x;y/items", 200)]
    [InlineData("url_versioning_pattern", "/stock/x%2F..%2Fv2/items", 403)]
    [InlineData("url_versioning_pattern", "/stock/v2;x/items", 403)]
    [InlineData("url_versioning_pattern", "/stock/x;y/items", 200)]
    public async Task DefaultVersion_IsNotTaken_WhereThePathMayBeReadToNameAnother(string field, string sent, int status)
    {
        await using var gateway = await StartAsync("url", api => api
            .With("version_data.default_version", "v1").With("definition." + field, field == "fallback_to_default" ? true : "^v[0-9]$"));

        (await RawAsync(gateway, $"GET {sent} HTTP/1.1\nHost: a")).ShouldBe(status);

        Assert.Equal(status == 200 ? 1 : 0, gateway.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("/stock/v2/admin")]
    [InlineData("/stock//v2/admin")]
    [InlineData("/stock///v2/admin")]
    public async Task SlashesBeforeAVersionThatStays_DoNotHideThePath(string sent)
    {
        await using var gateway = await StartAsync("url", static api => api.With("version_data.versions.v2.paths.black_list", new[] { "^/v2/admin" }));
        (await RawAsync(gateway, "GET /stock/v2/items HTTP/1.1\nHost: a")).ShouldBe(200);

        (await RawAsync(gateway, $"GET {sent} HTTP/1.1\nHost: a")).ShouldBeRefused(403, "path_forbidden");

        Assert.Single(gateway.Upstream.Requests);
    }

    private static Task<TestGateway> StartAsync(string location, Func<JsonObject, JsonObject> change) => TestGateway.StartAsync(upstream =>
    [
        change(Definitions.Keyless("stock", upstream).With("version_data", new JsonObject
        {
            ["versions"] = new JsonObject { ["v1"] = new JsonObject { ["name"] = "v1" }, ["v2"] = new JsonObject { ["name"] = "v2" } },
        }).With("definition", new JsonObject { ["location"] = location, ["key"] = location == "header" ? "X-Version" : "v" })),
    ]);

    private static async Task<Answer> RawAsync(TestGateway gateway, string request) => Answer.Of(await RawHttp.SendAsync(gateway.Url, request));
}
