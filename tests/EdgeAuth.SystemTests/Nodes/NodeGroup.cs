using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeAuth.SystemTests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Gateways that share a store and a configuration directory, each at home in a directory of its own, and an upstream that knows probes.</summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _config = Directory.CreateTempSubdirectory("edgeauth-nodes-").FullName;
    private readonly List<GatewayProcess> _nodes = [];

    private NodeGroup(StaticUpstream upstream) => Upstream = upstream;

    public IReadOnlyList<GatewayProcess> Nodes => _nodes;

    public GatewayProcess First => _nodes[0];

    public StaticUpstream Upstream { get; }

    public Probes Probes { get; private init; } = null!;

    /// <summary>Starts nodes that serve the APIs <c>items</c>, of keys, and <c>orders</c>, of tokens, with the policy <c>plan</c> for the latter.</summary>
    /// <param name="redis">The connection string.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="settings">Further arguments of <c>serve</c>.</param>
    public static async Task<NodeGroup> StartAsync(string redis, int nodes, params IReadOnlyList<string> settings)
    {
        var probes = new Probes();
        var upstream = await StaticUpstream.StartAsync(context =>
        {
            probes.Arrive(context.Request);
            return context.Response.WriteAsync("ok");
        });
        var group = new NodeGroup(upstream) { Probes = probes };
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

    /// <summary>Writes a file of the configuration that all nodes share.</summary>
    public void Write(string relative, JsonObject content)
    {
        var path = Path.Combine(_config, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".tmp", content.ToJsonString());
        File.Move(path + ".tmp", path, overwrite: true);
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
        Directory.Delete(_config, recursive: true);
    }

    private async Task StartAsync(int nodes, IReadOnlyList<string> arguments)
    {
        Write("apis/items.json", Definitions.Keys("items", Upstream.Url));
        Write("apis/orders.json", Definitions.OAuth("orders", Upstream.Url));
        Write("policies/plan.json", Definitions.Policy("plan", "orders"));
        for (var i = 0; i < nodes; i++)
        {
            var node = new GatewayProcess { ConfigArgument = _config };
            node.Environment["HOME"] = node.Folder;
            node.Arguments.AddRange(arguments);
            _nodes.Add(node);
        }

        await EachAsync(static node => node.StartAsync());
    }
}
