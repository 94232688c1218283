using System.Globalization;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>A Redis Cluster of three masters, which share the slots.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int Slots = 16384;
    private const int Masters = 3;

    private readonly List<RedisProcess> _masters = [];

    /// <summary>The connection string. One master is enough to find the others.</summary>
    public string Configuration => _masters[0].EndPoint;

    public IReadOnlyList<RedisProcess> All => _masters;

    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster();
        try
        {
            await cluster.FormAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var master in _masters)
        {
            await master.DisposeAsync();
        }
    }

    private async Task FormAsync()
    {
        for (var i = 0; i < Masters; i++)
        {
            var bus = Text(Ports.FreeForLong());
            var master = await RedisProcess.StartAsync("--cluster-enabled", "yes", "--cluster-port", bus);
            _masters.Add(master);
            await master.AskAsync("CLUSTER", "SET-CONFIG-EPOCH", Text(i + 1));
            await master.AskAsync("CLUSTER", "ADDSLOTSRANGE", Text(Slots * i / Masters), Text((Slots * (i + 1) / Masters) - 1));
            await _masters[0].AskAsync("CLUSTER", "MEET", "127.0.0.1", Text(master.Port), bus);
        }

        foreach (var master in _masters)
        {
            await NodeGroup.UntilAsync("the cluster is formed", async () =>
                (string)(await master.AskAsync("CLUSTER", "INFO"))! is var info && info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_known_nodes:3", StringComparison.Ordinal));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
