using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Routing;

/// <summary>What reaches the upstream, and which one (spec/tyk.md d.1, g).</summary>
public sealed class TargetTests(TargetTests.Host host) : IClassFixture<TargetTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("/keep/a", "/keep/a")]
    [InlineData("/keep-base/a", "/base/keep-base/a")]
    [InlineData("/cut/a/b", "/a/b")]
    [InlineData("/cut/", "/")]
    [InlineData("/CUT/a", "/a")]
    [InlineData("/by-id/a", "/a")]
    [InlineData("/cut-base/a", "/base/a")]
    [InlineData("/cut-base/", "/base/")]
    [InlineData("/cut-base-slash/a", "/base/a")]
    [InlineData("/cut-base-slash/", "/base/")]
    [InlineData("/cut-bare", "/base/")]
    [InlineData("/cut-bare/a", "/base/a")]
    [InlineData("/as-is/", "/base")]
    [InlineData("/as-is/a", "/base/a")]
    [InlineData("/as-is-slash/", "/base/")]
    [InlineData("/cut/cut/a", "/cut/a")]
    [InlineData("/cut/a%20b", "/a b")]
    [InlineData("/cut/a%2Fb", "/a%2Fb")]
    [InlineData("/cut//a", "//a")]
    public async Task PathOfTheTarget_IsJoinedByOneSlash(string path, string seen)
    {
        Gateway.Upstream.Requests.Clear();

        (await Gateway.CallAsync(path + "?q=%20x&q=2")).ShouldBe(200);

        var request = Assert.Single(Gateway.Upstream.Requests);
        Assert.Equal((seen, "?q=%20x&q=2"), (request.Path, request.Query));
    }

    [Theory]
    [InlineData("/cut/", false)]
    [InlineData("/host/", true)]
    public async Task HostOfTheCaller_IsForwardedOnlyWhenAskedFor(string path, bool preserved)
    {
        Gateway.Upstream.Requests.Clear();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "api.example" } };

        (await Gateway.SendAsync(request)).ShouldBe(200);

        Assert.Equal(preserved ? "api.example" : new Uri(Gateway.Upstream.Url).Authority, Assert.Single(Gateway.Upstream.Requests).Headers["Host"]);
    }

    [Fact]
    public async Task TargetList_IsTakenInTurn_ARepeatedTargetAsOftenAsItIsNamed()
    {
        Gateway.Upstream.Requests.Clear();
        for (var i = 0; i < 9; i++)
        {
            (await Gateway.CallAsync("/balanced/x")).ShouldBe(200);
        }

        var seen = Gateway.Upstream.Requests.Select(static request => request.Path).ToList();
        Assert.Equal(6, seen.Count(static path => path is "/one/x"));
        Assert.Equal(3, seen.Count(static path => path is "/two/x"));

        // Every third is the other one: in turn, not by chance.
        Assert.Equal(seen[..3], seen[3..6]);
        Assert.Equal(seen[..3], seen[6..9]);
    }

    [Fact]
    public async Task TargetList_IsUnused_WhileLoadBalancingIsOff()
    {
        Gateway.Upstream.Requests.Clear();
        for (var i = 0; i < 3; i++)
        {
            (await Gateway.CallAsync("/unbalanced/x")).ShouldBe(200);
        }

        Assert.All(Gateway.Upstream.Requests, static request => Assert.Equal("/x", request.Path));
    }

    [Fact]
    public async Task MethodBodyAndFields_ReachTheUpstream()
    {
        Gateway.Upstream.Requests.Clear();
        Gateway.Upstream.Answer = static async context =>
        {
            context.Response.StatusCode = 418;
            context.Response.Headers["X-Own"] = "yes";
            await context.Request.Body.CopyToAsync(context.Response.Body);
        };
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/cut/x") { Content = new StringContent("the body") };
        request.Headers.Add("X-Field", "a, b");

        var answer = (await Gateway.SendAsync(request)).ShouldBe(418);

        Assert.Equal(("the body", "yes"), (answer.Body, answer.Header("X-Own")));
        var seen = Assert.Single(Gateway.Upstream.Requests);
        Assert.Equal(("PATCH", "a, b"), (seen.Method, seen.Headers["X-Field"]));
        Gateway.Upstream.Answer = static context => Task.CompletedTask;
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keyless("keep", upstream).With("proxy.strip_listen_path", false),
            Definitions.Keyless("keep-base", upstream + "/base").With("proxy.strip_listen_path", false),
            Definitions.Keyless("by-id", upstream).With("proxy.listen_path", "/cut/"),
            Definitions.Keyless("cut-base", upstream + "/base"),
            Definitions.Keyless("cut-base-slash", upstream + "/base/"),
            Definitions.Keyless("cut-bare", upstream + "/base").With("proxy.listen_path", "/cut-bare"),
            Definitions.Keyless("as-is", upstream + "/base").With("proxy.disable_strip_slash", true),
            Definitions.Keyless("as-is-slash", upstream + "/base/").With("proxy.disable_strip_slash", true),
            Definitions.Keyless("host", upstream).With("proxy.preserve_host_header", true),
            Definitions.Keyless("balanced", upstream).With("proxy.enable_load_balancing", true).With("proxy.target_list", new[] { upstream + "/one", upstream + "/two", upstream + "/one" }),
            Definitions.Keyless("unbalanced", upstream).With("proxy.target_list", new[] { upstream + "/one" }),
        ]);
    }
}
