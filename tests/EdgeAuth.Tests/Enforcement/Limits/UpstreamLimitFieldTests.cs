using EdgeAuth.Enforcement;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>The upstream's own limit fields give way to the gateway's, and only to them.</summary>
public sealed class UpstreamLimitFieldTests
{
    private const string Policy = "RateLimit-Policy";
    private const int Calls = 10_000;
    private const int MostBatches = 200;

    [Theory]
    [InlineData("keyless", null, "\"a\";q=1, \"b\";q=2", "77")]
    [InlineData("attic", null, "\"a\";q=1, \"b\";q=2", "0")]
    [InlineData("keys", "{}", "\"a\";q=1, \"b\";q=2", "77")]
    [InlineData("keys", """{"rate":5,"per":10}""", "\"rate\";q=5;w=10", "0")]
    public async Task Answer_HasTheGatewaysFields_OrTheUpstreams(string api, string? limits, string policy, string limit)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keyless("keyless", upstream), Definitions.Keyless("attic", upstream).With("errors", "tyk"), Definitions.Keys("keys", upstream),
        ]);
        gateway.Upstream.Answer = static context =>
        {
            context.Response.Headers[Policy] = new[] { "\"a\";q=1", "\"b\";q=2" };
            context.Response.Headers["X-RateLimit-Limit"] = "77";
            return Task.CompletedTask;
        };
        var key = limits is null ? null : await gateway.CreateKeyAsync(Definitions.Session([api], limits));

        var answer = (await gateway.CallAsync($"/{api}/x", key)).ShouldBe(200);

        Assert.Equal(policy, answer.Header(Policy));
        Assert.Equal(limit, answer.Header("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task LookingForThem_AllocatesNothing()
    {
        using var response = new HttpResponseMessage();
        var http = new DefaultHttpContext();
        http.Response.Headers[Policy] = "\"rate\";q=5;w=10";
        var context = new ResponseTransformContext { HttpContext = http, ProxyResponse = response };
        var transform = new LimitFieldsTransform();

        // The promise is about optimised code, which the runtime puts in place after a while.
        var allocated = long.MaxValue;
        for (var batch = 0; batch < MostBatches && allocated > 0; batch++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                await transform.ApplyAsync(context);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }
}
