using System.Globalization;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>Versions of one API (spec d.2 steps 1 and 8, g: <c>version_data</c>).</summary>
public sealed class VersionTests
{
    [Theory]
    [InlineData("header", "rfc")]
    [InlineData("url-param", "rfc")]
    [InlineData("url", "rfc")]
    [InlineData("header", "tyk")]
    [InlineData("url-param", "tyk")]
    [InlineData("url", "tyk")]
    public async Task Version_IsFound_WhereTheDefinitionSays(string location, string style)
    {
        await using var gateway = await StartAsync(location, style);

        (await AskAsync(gateway, location, "v1")).ShouldBe(200);
        (await AskAsync(gateway, location, "v2")).ShouldBe(200);
        (await AskAsync(gateway, location, "old")).ShouldBeRefused(style, GateRefusals.VersionExpired);
        (await AskAsync(gateway, location, "unreadable")).ShouldBeRefused(style, GateRefusals.VersionExpired);
        (await AskAsync(gateway, location, "v3")).ShouldBeRefused(style, GateRefusals.VersionUnknown);
        (await AskAsync(gateway, location, "V1")).ShouldBeRefused(style, GateRefusals.VersionUnknown);
        (await AskAsync(gateway, location, null)).ShouldBeRefused(style, location == "url" ? GateRefusals.VersionUnknown : GateRefusals.VersionMissing);
        (await gateway.CallAsync("/stock/")).ShouldBeRefused(style, GateRefusals.VersionMissing);
    }

    [Fact]
    public async Task VersionNamedTwice_IsUnknown()
    {
        await using var gateway = await StartAsync("url-param", "rfc");
        (await gateway.CallAsync("/stock/x?v=v1&v=v2")).ShouldBeRefused(403, "version_unknown");

        await using var other = await StartAsync("header", "rfc");
        (await RawAsync(other, "GET /stock/x HTTP/1.1\nHost: a\nX-Version: v1\nX-Version: v2")).ShouldBeRefused(403, "version_unknown");
    }

    [Theory]
    [InlineData("header", false)]
    [InlineData("header", true)]
    [InlineData("url-param", false)]
    [InlineData("url-param", true)]
    [InlineData("url", false)]
    [InlineData("url", true)]
    public async Task DefaultVersion_IsTaken_WhenNoneIsNamed_AndWhereTheDefinitionSaysWhenItIsUnknown(string location, bool fallback)
    {
        await using var gateway = await StartAsync(location, "rfc", api => api
            .With("version_data.default_version", "v1").With("definition.fallback_to_default", fallback).With("definition.strip_versioning_data", true).With("definition.url_versioning_pattern", "^[vV][0-9]"));

        (await AskAsync(gateway, location, null)).ShouldBe(200);
        Assert.Equal("/items/7", gateway.Upstream.Requests.Last().Path);

        var unknown = await AskAsync(gateway, location, "v9");
        if (fallback)
        {
            // Not a version: so it stays, if it is part of the path.
            unknown.ShouldBe(200);
            Assert.Equal(location == "url" ? "/v9/items/7" : "/items/7", gateway.Upstream.Requests.Last().Path);
        }
        else
        {
            unknown.ShouldBeRefused(403, "version_unknown");
        }
    }

    [Theory]
    [InlineData("header", "strip_versioning_data", "/items/7?a=1&b=2")]
    [InlineData("url-param", "strip_versioning_data", "/items/7?a=1&b=2")]
    [InlineData("url", "strip_versioning_data", "/items/7?a=1&b=2")]
    [InlineData("url", "strip_path", "/items/7?a=1&b=2")]
    [InlineData("header", "fallback_to_default", "/items/7?a=1&b=2")]
    [InlineData("url-param", "fallback_to_default", "/items/7?a=1&v=v2&b=2")]
    [InlineData("url", "fallback_to_default", "/v2/items/7?a=1&b=2")]
    public async Task Version_IsTakenOff_WhereTheDefinitionSays(string location, string field, string target)
    {
        await using var gateway = await StartAsync(location, "rfc", api => api.With("definition." + field, true));
        using var request = new HttpRequestMessage(HttpMethod.Get, location switch
        {
            "url" => "/stock/v2/items/7?a=1&b=2",
            "url-param" => "/stock/items/7?a=1&v=v2&b=2",
            _ => "/stock/items/7?a=1&b=2",
        });
        request.Headers.Add("X-Version", "v2");

        (await gateway.SendAsync(request)).ShouldBe(200);

        var seen = gateway.Upstream.Requests.Single();
        Assert.Equal(target, seen.Target);
        Assert.Equal(location == "header" && field != "fallback_to_default" ? null : "v2", seen.Headers.GetValueOrDefault("X-Version"));
    }

    [Theory]
    [InlineData("/stock/v2/a%2Fb", "/a%2Fb")]
    [InlineData("/stock/v%32/a%20b", "/a%20b")]
    [InlineData("/stock/v2/a%2520b", "/a%2520b")]
    [InlineData("/stock/v2/v2/x", "/v2/x")]
    [InlineData("/stock/v2", "/")]
    [InlineData("/stock/v2/", "/")]
    public async Task VersionInThePath_IsTakenOff_AndTheRestStaysAsItWasSent(string sent, string target)
    {
        await using var gateway = await StartAsync("url", "rfc", static api => api.With("definition.strip_path", true));

        (await RawAsync(gateway, $"GET {sent} HTTP/1.1\nHost: a")).ShouldBe(200);

        Assert.Equal(target, gateway.Upstream.Requests.Single().Target);
    }

    [Fact]
    public async Task VersionInThePath_IsTakenOff_WhenTheListenPathStays()
    {
        await using var gateway = await StartAsync("url", "rfc", static api => api.With("definition.strip_path", true).With("proxy.strip_listen_path", false));

        (await RawAsync(gateway, "GET /stock/v2/a%2Fb HTTP/1.1\nHost: a")).ShouldBe(200);
        (await RawAsync(gateway, "GET /stock/v2/x HTTP/1.1\nHost: a")).ShouldBe(200);

        Assert.Equal(["/stock/a%2Fb", "/stock/x"], gateway.Upstream.Requests.Select(static request => request.Target));
    }

    [Theory]
    [InlineData("/stock/v2/..%2fold/x")]
    [InlineData("/stock/v2/..;/old/x")]
    [InlineData("/stock/v2%2f..%2fold/x")]
    [InlineData("/stock/v2/%252e%252e/old/x")]
    public async Task Path_CannotLeadFromOneVersionToAnother(string sent)
    {
        await using var gateway = await StartAsync("url", "rfc");

        (await RawAsync(gateway, $"GET {sent} HTTP/1.1\nHost: a")).ShouldBe(403);

        Assert.Empty(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task OverrideTarget_IsTheUpstreamOfItsVersion()
    {
        await using var second = await Upstream.StartAsync();
        await using var gateway = await StartAsync("header", "rfc", api => api.With("version_data.versions.v2.override_target", second.Url + "/base"));

        (await AskAsync(gateway, "header", "v1")).ShouldBe(200);
        (await AskAsync(gateway, "header", "v2")).ShouldBe(200);
        (await RawAsync(gateway, "GET /stock/a%2Fb?c=d HTTP/1.1\nHost: a\nX-Version: v2")).ShouldBe(200);

        Assert.Single(gateway.Upstream.Requests);
        Assert.Equal(["/base/items/7", "/base/a%2Fb?c=d"], second.Requests.Select(static request => request.Target));
        Assert.All(second.Requests, request => Assert.Equal(new Uri(second.Url).Authority, request.Headers["Host"]));
    }

    [Fact]
    public async Task Expiry_IsAnnounced_UntilItComes()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keys("keys", upstream).With("version_data.not_versioned", false).With("version_data.default_version", "v1"),
            Definitions.Keyless("open", upstream),
        ]);
        var ends = gateway.Time.GetUtcNow().AddHours(1);
        foreach (var (api, field) in new[] { ("keys", "version_data.versions.v1.expires"), ("open", "expiration") })
        {
            var path = $"config/apis/{api}.json";
            var definition = JsonNode.Parse(File.ReadAllText(gateway.Folder.File(path)))!.AsObject();
            gateway.Folder.Write(path, definition.With(field, ends.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)).ToJsonString());
        }

        (await gateway.ManageAsync("GET", "/tyk/reload/?block=true")).ShouldBe(200);
        var minute = new DateTimeOffset(ends.Year, ends.Month, ends.Day, ends.Hour, ends.Minute, 0, TimeSpan.Zero);

        // Refusals of later steps announce it too.
        Assert.Equal(minute.ToString("r"), (await gateway.CallAsync("/keys/x")).ShouldBeRefused(401, "credential_missing").Header("x-tyk-api-expires"));
        Assert.Equal(minute.ToString("r"), (await gateway.CallAsync("/open/x")).ShouldBe(200).Header("x-tyk-api-expires"));

        gateway.Time.Leap(TimeSpan.FromHours(1));

        Assert.Null((await gateway.CallAsync("/keys/x")).ShouldBeRefused(403, "version_expired").Header("x-tyk-api-expires"));
        Assert.Null((await gateway.CallAsync("/open/x")).ShouldBeRefused(403, "api_expired").Header("x-tyk-api-expires"));
    }

    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task ExpiredApi_IsToldBeforeTheCredential(string style)
    {
        await using var gateway = await TestGateway.StartAsync(upstream => [Definitions.Keys("stock", upstream).With("errors", style).With("expiration", "2020-01-01 00:00")]);

        (await gateway.CallAsync("/stock/x")).ShouldBeRefused(style, GateRefusals.ApiExpired);
    }

    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task ApiThatSaysNothingOfVersions_IsVersioned_AndRefusesAll(string style)
    {
        await using var gateway = await TestGateway.StartAsync(upstream =>
        {
            var api = Definitions.Keyless("stock", upstream).With("errors", style);
            api.Remove("version_data");
            return [api];
        });

        (await gateway.CallAsync("/stock/x")).ShouldBeRefused(style, GateRefusals.VersionMissing);
    }

    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task Key_IsHeldToItsVersions(string style)
    {
        await using var gateway = await StartAsync("header", style, static api => api.With("use_keyless", false).With("version_data.default_version", "v2"));
        var key = await gateway.CreateKeyAsync(Definitions.Session([], """{"access_rights":{"stock":{"api_id":"stock","versions":["v1"]}}}"""));
        var none = await gateway.CreateKeyAsync(Definitions.Session([], """{"access_rights":{"stock":{"api_id":"stock","versions":[]}}}"""));

        (await AskAsync(gateway, "header", "v1", key)).ShouldBe(200);
        (await AskAsync(gateway, "header", "v2", key)).ShouldBeRefused(style, GateRefusals.ApiForbidden);
        (await AskAsync(gateway, "header", null, key)).ShouldBeRefused(style, GateRefusals.ApiForbidden);
        (await AskAsync(gateway, "header", "v1", none)).ShouldBeRefused(style, GateRefusals.ApiForbidden);
    }

    [Fact]
    public async Task Key_IsNotAskedForVersions_WhereThereAreNone()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("stock", upstream)]);
        var key = await gateway.CreateKeyAsync(Definitions.Session([], """{"access_rights":{"stock":{"api_id":"stock","versions":["other"]}}}"""));

        (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    private static Task<TestGateway> StartAsync(string location, string style, Func<JsonObject, JsonObject>? change = null) => TestGateway.StartAsync(upstream =>
    {
        var api = Definitions.Keyless("stock", upstream).With("errors", style).With("version_data", new JsonObject
        {
            ["versions"] = new JsonObject
            {
                ["v1"] = new JsonObject { ["name"] = "v1" },
                ["v2"] = new JsonObject { ["name"] = "v2", ["expires"] = "-1" },
                ["old"] = new JsonObject { ["name"] = "old", ["expires"] = "2020-01-31 12:00" },
                ["unreadable"] = new JsonObject { ["name"] = "unreadable", ["expires"] = "31/01/2999" },
            },
        }).With("definition", new JsonObject { ["location"] = location, ["key"] = location == "header" ? "X-Version" : "v" });
        return [change?.Invoke(api) ?? api];
    });

    private static async Task<Answer> RawAsync(TestGateway gateway, string request) => Answer.Of(await RawHttp.SendAsync(gateway.Url, request));

    private static async Task<Answer> AskAsync(TestGateway gateway, string location, string? version, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, (location, version) switch
        {
            ("url", not null) => $"/stock/{version}/items/7",
            ("url-param", not null) => $"/stock/items/7?v={version}",
            _ => "/stock/items/7",
        });
        if (location == "header" && version is not null)
        {
            request.Headers.Add("x-version", version);
        }

        if (key is not null)
        {
            request.Headers.Add("Authorization", key);
        }

        return await gateway.SendAsync(request);
    }
}
