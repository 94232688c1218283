using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>Versions that are APIs of their own (spec g: <c>definition.enabled</c> and <c>versions</c>).</summary>
public sealed class VersionApiTests
{
    [Theory]
    [InlineData("header", "rfc")]
    [InlineData("url-param", "rfc")]
    [InlineData("url", "rfc")]
    [InlineData("header", "tyk")]
    [InlineData("url-param", "tyk")]
    [InlineData("url", "tyk")]
    public async Task EachVersion_IsAnsweredByItsApi(string location, string style)
    {
        await using var second = await Upstream.StartAsync();
        await using var gateway = await StartAsync(location, style, "", second.Url);
        var key = await gateway.CreateKeyAsync(Definitions.Session(["two"]));

        foreach (var mount in new[] { "/shop", "/base" })
        {
            (await AskAsync(gateway, mount, location, "v1")).ShouldBe(200);
            (await AskAsync(gateway, mount, location, "v2")).ShouldBe(401);
            (await AskAsync(gateway, mount, location, "v2", key)).ShouldBe(200);
            (await AskAsync(gateway, mount, location, "v3")).ShouldBe(200);
            (await AskAsync(gateway, mount, location, "v9")).ShouldBeRefused(style, GateRefusals.VersionApiUnknown);
            (await gateway.CallAsync(mount + "/")).ShouldBeRefused(style, GateRefusals.VersionMissing);
        }

        // The listen path and the version are off, and the rest is as it was sent.
        Assert.Equal(["/one/items/a%2Fb", "/three/items/a%2Fb", "/one/items/a%2Fb", "/three/items/a%2Fb"], gateway.Upstream.Requests.Select(static request => request.Target.Split('?')[0]));
        Assert.Equal(["/items/a%2Fb", "/items/a%2Fb"], second.Requests.Select(static request => request.Target.Split('?')[0]));
        Assert.DoesNotContain(second.Requests, static request => request.Target.Contains("v2") || request.Headers.ContainsKey("X-Version"));
    }

    [Theory]
    [InlineData("self", "/one")]
    [InlineData("v1", "/one")]
    [InlineData("v3", "/three")]
    public async Task Default_IsTaken_WhenNoVersionIsNamed(string name, string upstream)
    {
        await using var gateway = await StartAsync("header", "rfc", name, "http://127.0.0.1:9");

        (await AskAsync(gateway, "/shop", "header", null)).ShouldBe(200);
        (await AskAsync(gateway, "/shop", "header", "v9")).ShouldBeRefused(403, "version_unknown");

        Assert.StartsWith(upstream + "/", gateway.Upstream.Requests.Single().Path);
    }

    [Fact]
    public async Task Default_IsTaken_WhenTheVersionIsUnknown_WhereTheDefinitionSays()
    {
        await using var gateway = await StartAsync("header", "rfc", "v3", "http://127.0.0.1:9", static api => api.With("definition.fallback_to_default", true));

        (await AskAsync(gateway, "/shop", "header", "v9")).ShouldBe(200);

        Assert.StartsWith("/three/", gateway.Upstream.Requests.Single().Path);
    }

    [Fact]
    public async Task VersionNamedTwice_DoesNotFallBack()
    {
        await using var gateway = await StartAsync("url-param", "rfc", "v3", "http://127.0.0.1:9", static api => api.With("definition.fallback_to_default", true));

        (await gateway.CallAsync("/shop/x?v=nope&v=v2")).ShouldBeRefused(403, "version_unknown");

        Assert.Empty(gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("/shop/x%2F..%2Fv2/items", 403)]
    [InlineData("/shop/v2;x/items", 403)]
    [InlineData("/shop/v1;x/items", 403)]
    [InlineData("/shop/x;y/items", 200)]
    public async Task Default_IsNotTaken_WhereThePathMayBeReadToNameAnother(string sent, int status)
    {
        await using var gateway = await StartAsync("url", "rfc", "v3", "http://127.0.0.1:9", static api => api.With("definition.fallback_to_default", true));

        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {sent} HTTP/1.1\nHost: a")).ShouldBe(status);

        Assert.Equal(status == 200 ? 1 : 0, gateway.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("//stock/items")]
    [InlineData("/x%2F..%2Fstock/items")]
    [InlineData("//tyk/keys")]
    public async Task Version_KeepsOutOfWhatIsNotOfTheApiThatHasIt(string sent)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            .. Apis(upstream, "header", "rfc", "self", "http://127.0.0.1:9").Select(static (api, i) => i == 0 ? api.With("proxy.listen_path", "/") : api),
            Definitions.Keys("stock", upstream),
        ]);
        (await AskAsync(gateway, "/free", "header", "v3")).ShouldBe(200);

        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {sent} HTTP/1.1\nHost: a\nX-Version: v3")).ShouldBeRefused(403, "path_forbidden");

        Assert.Single(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task InternalApi_IsReachedAsAVersionOnly()
    {
        await using var gateway = await StartAsync("header", "rfc", "", "http://127.0.0.1:9");

        (await gateway.CallAsync("/three/items")).ShouldBe(404);
        (await gateway.CallAsync("/two/items")).ShouldBeRefused(401, "credential_missing");
    }

    [Fact]
    public async Task LongerListenPath_KeepsItsRequests()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            .. Apis(upstream, "header", "rfc", "self", "http://127.0.0.1:9"),
            Definitions.Keys("admin", upstream).With("proxy.listen_path", "/shop/admin/"),
        ]);

        (await AskAsync(gateway, "/shop/admin", "header", "v3")).ShouldBeRefused(401, "credential_missing");
    }

    [Fact]
    public async Task Reload_ChangesTheVersions()
    {
        await using var gateway = await StartAsync("header", "rfc", "", "http://127.0.0.1:9");
        (await AskAsync(gateway, "/shop", "header", "v3")).ShouldBe(200);
        var definition = Apis(gateway.Upstream.Url, "header", "rfc", "", "http://127.0.0.1:9").First();
        definition["definition"]!["versions"] = new JsonObject { ["v4"] = "three" };
        gateway.Folder.Write("config/apis/base.json", definition.ToJsonString());

        (await gateway.ManageAsync("GET", "/tyk/reload/?block=true")).ShouldBe(200);

        (await AskAsync(gateway, "/shop", "header", "v3")).ShouldBeRefused(403, "version_unknown");
        (await AskAsync(gateway, "/shop", "header", "v4")).ShouldBe(200);
    }

    private static Task<TestGateway> StartAsync(string location, string style, string defaultName, string second, Func<JsonObject, JsonObject>? change = null) =>
        TestGateway.StartAsync(upstream => Apis(upstream, location, style, defaultName, second).Select((api, i) => i == 0 && change is not null ? change(api) : api));

    private static IEnumerable<JsonObject> Apis(string upstream, string location, string style, string defaultName, string second) =>
    [
        Definitions.Keyless("base", upstream + "/one").With("errors", style).With("proxy.listen_path", "/shop/").With("definition", new JsonObject
        {
            ["enabled"] = true,
            ["name"] = "v1",
            ["default"] = defaultName,
            ["location"] = location,
            ["key"] = location == "header" ? "X-Version" : "v",
            ["strip_versioning_data"] = true,
            ["versions"] = new JsonObject { ["v2"] = "two", ["v3"] = "three" },
        }),
        Definitions.Keys("two", second),
        Definitions.Keyless("three", upstream + "/three").With("internal", true),
    ];

    private static async Task<Answer> AskAsync(TestGateway gateway, string mount, string location, string? version, string? key = null)
    {
        var rest = version is null ? "" : location switch
        {
            "header" => $"\nx-version: {version}",
            _ => "",
        };
        var path = mount + (location == "url" && version is not null ? "/" + version : "") + "/items/a%2Fb" + (location == "url-param" && version is not null ? "?v=" + version : "");
        return Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET {path} HTTP/1.1\nHost: a{rest}{(key is null ? "" : "\nAuthorization: " + key)}"));
    }
}
