using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Catalog;

/// <summary>A request in flight across a reload goes on under the generation it began in.</summary>
public sealed class ReloadInFlightTests
{
    [Fact]
    public async Task RequestInFlight_IsAnsweredByTheUpstreamItWentTo()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream + "/old"), Definitions.Keyless("gone", upstream)]);
        var (arrived, release) = Hold(gateway, 2);
        var changed = gateway.CallAsync("/orders/x");
        var removed = gateway.CallAsync("/gone/x");
        await arrived;

        gateway.Folder.Write("config/apis/orders.json", Definitions.Keyless("orders", "http://127.0.0.1:1/").ToJsonString());
        gateway.Folder.Delete("config/apis/gone.json");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
        (await gateway.CallAsync("/orders/x")).ShouldBeRefused(502, "upstream_unreachable");
        (await gateway.CallAsync("/gone/x")).ShouldBe(404);
        Assert.False(changed.IsCompleted || removed.IsCompleted);
        release();

        Assert.Equal("held /old/x", (await changed).ShouldBe(200).Body);
        Assert.Equal("held /x", (await removed).ShouldBe(200).Body);
    }

    [Fact]
    public async Task RequestInFlight_SeesOneGeneration()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Timed("orders", upstream, 5)]);
        var (arrived, release) = Hold(gateway, 1);
        var before = gateway.CallAsync("/orders/x");
        await arrived;

        gateway.Folder.Write("config/apis/orders.json", Timed("orders", gateway.Upstream.Url, 2).With("errors", "tyk").ToJsonString());
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
        (arrived, release) = Hold(gateway, 1);
        var after = gateway.CallAsync("/orders/x");
        await arrived;
        gateway.Time.Advance(TimeSpan.FromSeconds(3));

        // Its deadline and its style are those it began with, whichever came first.
        Assert.Equal("Upstream service reached hard timeout.", (await after).ShouldBe(504).Text("error"));
        Assert.False(before.IsCompleted);
        gateway.Time.Advance(TimeSpan.FromSeconds(3));
        (await before).ShouldBeRefused(504, "upstream_timeout");
        release();
    }

    [Fact]
    public async Task AnswerBeingStreamed_IsNotCutOff()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Upstream.Answer = async context =>
        {
            await context.Response.WriteAsync("first half, ");
            await context.Response.Body.FlushAsync();
            await release.Task;
            await context.Response.WriteAsync("second half");
        };
        using var response = await gateway.Http.GetAsync(new Uri("/orders/x", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        gateway.Folder.Delete("config/apis/orders.json");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
        release.SetResult();

        Assert.Equal("first half, second half", await response.Content.ReadAsStringAsync());
    }

    private static System.Text.Json.Nodes.JsonObject Timed(string id, string upstream, int seconds) =>
        Definitions.Keyless(id, upstream).With("version_data.versions", new { Default = new { global_enforce_timeout = seconds } });

    // The upstream keeps requests until they are released; the task completes when as many as expected have arrived.
    private static (Task Arrived, Action Release) Hold(TestGateway gateway, int expected)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        gateway.Upstream.Answer = async context =>
        {
            if (Interlocked.Increment(ref count) == expected)
            {
                arrived.SetResult();
            }

            await released.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("held " + context.Request.Path);
        };
        return (arrived.Task, () => released.TrySetResult());
    }
}
