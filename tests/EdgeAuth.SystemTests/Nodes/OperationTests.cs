using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What an operator does with several nodes that have a copy of the configuration each.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task Nodes_AreListed_ReloadedTogether_ToldApart_AndForgotten()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var group = await NodeGroup.StartApartAsync(redis.EndPoint, 3);
        await using var other = await StaticUpstream.StartAsync("other");
        var (first, second, third) = (group.Nodes[0], group.Nodes[1], group.Nodes[2]);
        var key = await group.CreateKeyAsync();
        await group.EachAsync(async node => await UntilListedAsync(node, static (nodes, drift) => nodes.Count == 3 && !drift && nodes.Count(static listed => listed.GetProperty("self").GetBoolean()) == 1));
        var before = Generation((await ListAsync(first)).Nodes[0]);

        // Every node is told at once, wherever the call comes in.
        group.Write("apis/items.json", Definitions.Keys("items", other.Url));
        await ReloadAsync(second);
        await group.EachAsync(node => NodeGroup.UntilAsync("the new definition is served", async () => await node.CallAsync("/items/x", key) is (200, "other")));
        await UntilListedAsync(third, (nodes, drift) => nodes.Count == 3 && !drift && Generation(nodes[0]) != before);

        // One has another file.
        third.Write("policies/stray.json", Definitions.Policy("stray", "orders").ToJsonString());
        await ReloadAsync(first);
        await UntilListedAsync(first, static (nodes, drift) => drift && nodes.DistinctBy(Generation, StringComparer.Ordinal).Count() == 2);
        File.Delete(Path.Combine(third.ConfigDirectory, "policies/stray.json"));
        await ReloadAsync(first);
        await UntilListedAsync(first, static (nodes, drift) => nodes.Count == 3 && !drift);

        // One with a broken file goes on as before, and the others do not.
        third.Write("apis/items.json", "{ this is not json");
        first.Write("policies/more.json", Definitions.Policy("more", "orders").ToJsonString());
        second.Write("policies/more.json", Definitions.Policy("more", "orders").ToJsonString());
        await ReloadAsync(first);
        await UntilListedAsync(first, static (_, drift) => drift);
        Assert.Equal((200, "other"), await third.CallAsync("/items/x", key));

        await third.KillAsync();
        Assert.Equal(0, await second.StopAsync());
        await UntilListedAsync(first, static (nodes, drift) => nodes is [var left] && left.GetProperty("self").GetBoolean() && !drift);
    }

    private static string Generation(JsonElement node) => node.GetProperty("generation").GetString()!;

    private static async Task ReloadAsync(GatewayProcess node)
    {
        var (status, body) = await node.ManageAsync("GET", "/tyk/reload/group");
        Assert.True(status == 200, body);
    }

    private static Task UntilListedAsync(GatewayProcess node, Func<IReadOnlyList<JsonElement>, bool, bool> isSo) => NodeGroup.UntilAsync("the list is right", async () =>
    {
        var (nodes, drift) = await ListAsync(node);
        return isSo(nodes, drift);
    });

    private static async Task<(IReadOnlyList<JsonElement> Nodes, bool Drift)> ListAsync(GatewayProcess node)
    {
        var (status, body) = await node.ManageAsync("GET", "/tyk/nodes");
        Assert.True(status == 200, body);
        var list = JsonElement.Parse(body);
        return ([.. list.GetProperty("nodes").EnumerateArray()], list.GetProperty("drift").GetBoolean());
    }
}
