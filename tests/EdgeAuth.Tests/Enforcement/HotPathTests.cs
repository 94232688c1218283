using EdgeAuth.Catalog;
using EdgeAuth.Enforcement;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>What the cost promise says of a decision that is made from memory.</summary>
public sealed class HotPathTests
{
    private const int Decisions = 10_000;
    private const int MostBatches = 200;

    [Theory]
    [InlineData("keys", """{"rate":1000000000,"per":60,"quota_max":1000000000000,"quota_renewal_rate":3600}""")]
    [InlineData("oauth", """{"rate":1000000000,"per":60,"quota_max":1000000000000,"quota_renewal_rate":3600}""")]
    [InlineData("keys", """{"access_rights":{"keys":{"allowed_urls":[{"url":"/keys/items","methods":["GET"]}]}}}""")]
    public async Task Decision_AllocatesNothing_WhenTheSessionIsInMemory(string api, string rules)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keys("keys", upstream), Definitions.OAuth("oauth", upstream)]);
        var session = Definitions.Session([api], rules);
        var credential = api == "keys"
            ? await gateway.CreateKeyAsync(session)
            : (await gateway.IssueAsync(api, await gateway.CreateClientAsync(api), session)).Text("access_token");
        var enforcer = gateway.Services.GetRequiredService<Enforcer>();
        var compiled = gateway.Services.GetRequiredService<CatalogHolder>().Current.Apis[api];
        var mount = "/" + api;
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = $"/{api}/items";
        context.Request.Headers.Authorization = "Bearer " + credential;

        // The promise is about optimised code, which the runtime puts in place after a while. A decision that waits for a lease may allocate;
        // among so many there are a few.
        var allocating = Decisions;
        for (var batch = 0; batch < MostBatches && allocating > Decisions / 1000; batch++)
        {
            allocating = await DecideAsync(Decisions);
        }

        Assert.InRange(allocating, 0, Decisions / 1000);

        async Task<int> DecideAsync(int count)
        {
            var allocations = 0;
            for (var i = 0; i < count; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var deciding = enforcer.DecideAsync(context, compiled, mount);
                var completed = deciding.IsCompletedSuccessfully;
                var after = GC.GetAllocatedBytesForCurrentThread();
                var decision = await deciding;
                Assert.Equal(RefusalReason.None, decision.Refusal);
                allocations += completed && after == before ? 0 : 1;
            }

            return allocations;
        }
    }
}
