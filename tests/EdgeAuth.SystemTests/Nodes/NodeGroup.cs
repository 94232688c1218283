using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.SystemTests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>
/// Gateways that share a store, each at home in a directory of its own, and an upstream that knows probes. They share a configuration directory
/// too, or have a copy each.
/// </summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly bool _isShared;
    private readonly List<GatewayProcess> _nodes = [];

    private NodeGroup(StaticUpstream upstream, Probes probes, bool isShared) => (Upstream, Probes, _isShared) = (upstream, probes, isShared);

    public IReadOnlyList<GatewayProcess> Nodes => _nodes;

    public GatewayProcess First => _nodes[0];

    public StaticUpstream Upstream { get; }

    public Probes Probes { get; }

    /// <summary>Starts nodes that serve the APIs <c>items</c>, of keys, and <c>orders</c>, of tokens, with the policy <c>plan</c> for the latter.</summary>
    /// <param name="redis">The connection string.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="settings">Further arguments of <c>serve</c>.</param>
    public static Task<NodeGroup> StartAsync(string redis, int nodes, params IReadOnlyList<string> settings) =>
        StartAsync(redis, nodes, isShared: true, settings);

    /// <summary>The same, each with a configuration directory of its own.</summary>
    public static Task<NodeGroup> StartApartAsync(string redis, int nodes) => StartAsync(redis, nodes, isShared: false, []);

    /// <summary>Writes a file of the configuration, for all nodes.</summary>
    public void Write(string relative, JsonObject content)
    {
        foreach (var node in _isShared ? [First] : _nodes)
        {
            node.Write(relative, content.ToJsonString());
        }
    }

    /// <summary>Creates a key on the first node. A caller that finds it on another at once is what many nodes are for.</summary>
    public Task<string> CreateKeyAsync(string limits = "") =>
        CrashTests.CreateKeyAsync(First, $$"""{ {{limits}}{{(limits.Length > 0 ? "," : "")}} "access_rights":{"items":{"api_id":"items"} } }""");

    /// <summary>Does something on every node at once.</summary>
    public Task EachAsync(Func<GatewayProcess, Task> act) => Task.WhenAll(_nodes.Select(act));

    /// <summary>Waits for what must come by itself.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        for (var started = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"within {Patience.TotalSeconds} s not so: {what}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await Upstream.DisposeAsync();
    }

    private static async Task<NodeGroup> StartAsync(string redis, int nodes, bool isShared, IReadOnlyList<string> settings)
    {
        var probes = new Probes();
        var upstream = await StaticUpstream.StartAsync(context =>
        {
            probes.Arrive(context.Request);
            return context.Response.WriteAsync("ok");
        });
        var group = new NodeGroup(upstream, probes, isShared);
        try
        {
            await group.StartAsync(nodes, ["--EdgeAuth:Storage:Provider=redis", "--EdgeAuth:Storage:Redis:Configuration=" + redis, "--EdgeAuth:Catalog:Watch=false", .. settings]);
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync(int nodes, IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < nodes; i++)
        {
            var node = new GatewayProcess { ConfigArgument = _isShared && i > 0 ? First.ConfigDirectory : null };
            node.Environment["HOME"] = node.Folder;
            node.Arguments.AddRange(arguments);
            _nodes.Add(node);
        }

        Write("apis/items.json", Definitions.Keys("items", Upstream.Url));
        Write("apis/orders.json", Definitions.OAuth("orders", Upstream.Url));
        Write("policies/plan.json", Definitions.Policy("plan", "orders"));
        await EachAsync(static node => node.StartAsync());
        await EachAsync(static node => UntilAsync("its code is compiled", () => WarmUpAsync(node)));
    }

    // First calls take longer than others by far, which on a busy machine may be too long.
    private static async Task<bool> WarmUpAsync(GatewayProcess node)
    {
        var (status, body) = await node.ManageAsync("POST", "/tyk/keys/create", JsonNode.Parse("""{"rate":1000,"per":1,"quota_max":1000,"quota_renewal_rate":60,"access_rights":{"items":{"api_id":"items"}}}""")!);
        for (var i = 0; i < 20 && status == 200; i++)
        {
            (status, _) = await node.CallAsync("/items/x", JsonElement.Parse(body).GetProperty("key").GetString()!);
        }

        return status == 200 && (await node.CallAsync("/items/x", "nobody")).Status == 401;
    }
}
