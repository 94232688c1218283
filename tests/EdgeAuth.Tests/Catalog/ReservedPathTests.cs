using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog;

/// <summary>Reserved paths own every method and are never proxied, though an API at <c>/</c>, and a route before all others, cover them.</summary>
public sealed class ReservedPathTests(ReservedPathTests.Host host) : IClassFixture<ReservedPathTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    public static TheoryData<string> Paths =>
    [
        "/tyk", "/tyk/", "/tyk/keys", "/tyk/keys/", "/tyk/unknown", "/tyk/a/b/c", "/TYK/keys", "/tyk/oauth/authorize-client", "/tyk/oauth/authorize-client/",
        "/api/auth/token", "/api/auth/token/", "/api/auth/token/x", "/hello", "/hello/", "/hello/x", "/ready", "/ready/", "/metrics", "/metrics/x", "/openapi.json",
        "/oauth/token", "/oauth/token/", "/oauth/authorize", "/oauth/authorize/", "/oauth/revoke", "/oauth/revoke_all", "/root/oauth/token", "/root/oauth/token/",
        "/root/tyk/oauth/authorize-client", "/root/tyk/oauth/authorize-client/",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task ReservedPath_IsNeverProxied_WhateverTheMethod(string path)
    {
        Gateway.Upstream.Requests.Clear();
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
        {
            foreach (var secret in (bool[])[false, true])
            {
                var answer = secret ? await Gateway.ManageAsync(method, path) : await Gateway.CallAsync(path, method: method);

                Assert.True(answer.Status is 200 or 307 or (>= 400 and < 500), $"{method} {path} was answered {answer.Status}: {answer.Body}");
            }
        }

        Assert.Empty(Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("/api/auth/token", 404)]
    [InlineData("/openapi.json", 403)]
    [InlineData("/hello", 200)]
    [InlineData("/hello/", 200)]
    [InlineData("/hello/x", 404)]
    [InlineData("/ready", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/tyk/keys", 403)]
    [InlineData("/tyk/unknown", 403)]
    [InlineData("/oauth/token", 400)]
    [InlineData("/oauth/revoke", 405)]
    public async Task ReservedPath_AnswersForItself(string path, int status) => (await Gateway.CallAsync(path)).ShouldBe(status);

    [Theory]
    [InlineData("/tykoon")]
    [InlineData("/tyk-keys")]
    [InlineData("/hellos")]
    [InlineData("/api/auth")]
    [InlineData("/api/auth/tokens")]
    [InlineData("/oauth/tokens")]
    [InlineData("/oauth")]
    [InlineData("/")]
    public async Task PathThatOnlyLooksReserved_IsProxied(string path)
    {
        Gateway.Upstream.Requests.Clear();

        (await Gateway.CallAsync(path)).ShouldBe(200);

        Assert.Equal(path, Assert.Single(Gateway.Upstream.Requests).Path);
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync()
        {
            var target = "";
            return TestGateway.StartAsync(
                upstream =>
                {
                    target = upstream;
                    return
                    [
                        Definitions.OAuth("root", upstream).With("use_keyless", true).With("proxy.listen_path", "/").With("yarp.route.Order", -1000),
                    ];
                },
                setup => setup.Folder.Write("config/gateway.json", new JsonObject
                {
                    ["ReverseProxy"] = JsonNode.Parse($$"""
                        {
                          "Routes": { "first": { "ClusterId": "own", "Order": -5000, "Match": { "Path": "/tyk/{**rest}" } }, "second": { "ClusterId": "own", "Order": -5000, "Match": { "Path": "/hello" } } },
                          "Clusters": { "own": { "Destinations": { "one": { "Address": "{{target}}" } } } }
                        }
                        """),
                }.ToJsonString()));
        }
    }
}
