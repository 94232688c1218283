using System.Net.Http.Headers;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>Reloads under load: none drops a request, a good one takes effect, a broken one changes nothing.</summary>
public sealed class ReloadTests
{
    private const int Callers = 8;

    [Fact]
    public async Task Reload_DropsNoRequest_WithGoodAndBrokenFiles()
    {
        await using var first = await StaticUpstream.StartAsync("first");
        await using var second = await StaticUpstream.StartAsync("second");
        await using var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", Definitions.Keys("items", first.Url).ToJsonString());
        await gateway.StartAsync();
        var key = await CrashTests.CreateKeyAsync(gateway, """{"access_rights":{"items":{"api_id":"items"}}}""");
        using var done = new CancellationTokenSource();
        var calls = Enumerable.Range(0, Callers).Select(_ => CallUntilAsync(gateway, key, done.Token)).ToList();

        for (var i = 1; i <= (Repository.Soak ? 100 : 20); i++)
        {
            var target = i % 2 == 0 ? first : second;
            gateway.Write("apis/items.json", Definitions.Keys("items", target.Url).ToJsonString());
            var (status, body) = await gateway.ManageAsync("GET", "/tyk/reload/?block=true");
            Assert.True(status == 200, body);
            Assert.Equal(target == first ? "first" : "second", (await gateway.CallAsync("/items/x", key)).Body);

            gateway.Write("apis/items.json", i % 2 == 0 ? "{ this is not json" : """{"api_id":"items","proxy":{"listen_path":"/items/"}}""");
            (status, body) = await gateway.ManageAsync("GET", "/tyk/reload/");
            Assert.True(status == 400, body);
            Assert.Contains("apis/items.json", body, StringComparison.Ordinal);
            Assert.Equal(target == first ? "first" : "second", (await gateway.CallAsync("/items/x", key)).Body);
        }

        await done.CancelAsync();
        var counts = await Task.WhenAll(calls);
        Assert.All(counts, static count => Assert.True(count > 10, "there was no load"));
    }

    // Every answer is the upstream's: one that is not fails the test. Returns how many there were.
    private static async Task<int> CallUntilAsync(GatewayProcess gateway, string key, CancellationToken done)
    {
        var count = 0;
        while (!done.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/items/load");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            var (status, body) = await gateway.SendAsync(request);
            Assert.True(status == 200 && body is "first" or "second", $"{status}: {body}");
            count++;
        }

        return count;
    }
}
