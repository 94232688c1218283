using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>How long an upstream may take until its answer begins (spec/tyk.md g, <c>hard_timeouts</c>; j.10).</summary>
public sealed class UpstreamDeadlineTests(UpstreamDeadlineTests.Host host) : IClassFixture<UpstreamDeadlineTests.Host>
{
    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("GET", "/timed/x", 5)]
    [InlineData("GET", "/timed/slow/7", 2)]
    [InlineData("GET", "/Timed/slow/7/more", 2)]
    [InlineData("POST", "/timed/slow/7", 5)]
    [InlineData("POST", "/timed/any", 3)]
    [InlineData("GET", "/timed/any", 3)]
    [InlineData("GET", "/timed/off", 5)]
    [InlineData("GET", "/timed/SLOW/7", 5)]
    [InlineData("GET", "/timed/broken", 0.5)]
    [InlineData("GET", "/default/x", 7)]
    [InlineData("GET", "/default/slow/7", 7)]
    [InlineData("GET", "/anycase/SLOW/7", 2)]
    public async Task AnswerThatDoesNotBeginInTime_IsA504_NoEarlierAndNoLater(string method, string path, double seconds)
    {
        var call = await BeginAsync(method, path);

        Gateway.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(10));
        Assert.False(call.IsCompleted);
        Gateway.Time.Advance(TimeSpan.FromMilliseconds(20));

        (await call).ShouldBeRefused(504, "upstream_timeout");
    }

    [Fact]
    public async Task TykStyle_SaysSoInTyksWords()
    {
        var call = await BeginAsync("GET", "/tyk-style/x");
        Gateway.Time.Advance(TimeSpan.FromSeconds(8));

        var answer = (await call).ShouldBe(504);

        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal("Upstream service reached hard timeout.", answer.Text("error"));
    }

    [Fact]
    public async Task AnswerThatHasBegun_MayTakeAnyTime()
    {
        var release = new TaskCompletionSource();
        Gateway.Upstream.Answer = async context =>
        {
            await context.Response.WriteAsync("begun ");
            await context.Response.Body.FlushAsync();
            await release.Task;
            await context.Response.WriteAsync("and done");
        };
        using var response = await Gateway.Http.GetAsync(new Uri("/timed/x", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Gateway.Time.Advance(TimeSpan.FromMinutes(1));
        release.SetResult();

        Assert.Equal("begun and done", await response.Content.ReadAsStringAsync());
    }

    // Starts a call and returns when the upstream, which never answers, has it.
    private async Task<Task<Answer>> BeginAsync(string method, string path)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Gateway.Upstream.Answer = context =>
        {
            arrived.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var call = Gateway.CallAsync(path, method: method);
        await arrived.Task;
        return call;
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream =>
            [
                Definitions.Keyless("timed", upstream).With("version_data.versions", new
                {
                    Default = new
                    {
                        use_extended_paths = true,
                        global_enforce_timeout = 5,
                        extended_paths = new
                        {
                            hard_timeouts = new object[]
                            {
                                new { path = "/slow/{id}", method = "GET", timeout = 2 },
                                new { path = "^/timed/any$", timeout = 3 },
                                new { path = "/off", method = "GET", timeout = 1, disabled = true },
                                new { path = "/broken", method = "get", timeout = 0.5 },
                            },
                        },
                    },
                }),
                Definitions.Keyless("default", upstream).With("version_data.versions", new
                {
                    Default = new { use_extended_paths = false, extended_paths = new { hard_timeouts = new[] { new { path = "/slow/{id}", timeout = 2 } } } },
                }),
                Definitions.Keyless("anycase", upstream).With("version_data.versions", new
                {
                    Default = new { use_extended_paths = true, ignore_endpoint_case = true, extended_paths = new { hard_timeouts = new[] { new { path = "/slow/{id}", timeout = 2 } } } },
                }),
                Definitions.Keyless("tyk-style", upstream).With("errors", "tyk"),
            ],
            static setup => setup.Set("EdgeAuth:Dialects:Tyk:proxy_default_timeout", "7"));
    }
}
