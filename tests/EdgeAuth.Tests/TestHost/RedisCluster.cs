using System.Globalization;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A Redis Cluster of three masters, which lives as long as the test process.</summary>
internal sealed class RedisCluster
{
    private const int Slots = 16384;
    private static readonly Lazy<Task<RedisCluster>> One = new(StartAsync);

    private RedisCluster(IReadOnlyList<RedisServer> servers) => Servers = servers;

    public IReadOnlyList<RedisServer> Servers { get; }

    /// <summary>One server is enough to find the others.</summary>
    public string Configuration => Servers[0].Configuration;

    public static Task<RedisCluster> SharedAsync() => One.Value;

    /// <summary>A part of a store of its own, for the contract tests.</summary>
    public static async Task<Opened<T>> OpenAsync<T>(TimeProvider time, Func<RedisStore, T> part) => RedisStore.Open((await SharedAsync()).Configuration, time, part);

    private static async Task<RedisCluster> StartAsync()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(static _ => RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-node-timeout", "2000")));
        for (var i = 0; i < servers.Length; i++)
        {
            await servers[i].CliAsync("CLUSTER", "ADDSLOTSRANGE", Text(i * Slots / 3), Text(((i + 1) * Slots / 3) - 1));
            await servers[i].CliAsync("CLUSTER", "MEET", "127.0.0.1", Text(servers[0].Port));
        }

        await Eventually.HoldsAsync(async () =>
        {
            var states = await Task.WhenAll(servers.Select(static server => server.CliAsync("CLUSTER", "INFO")));
            return states.All(static state => state.Contains("cluster_state:ok", StringComparison.Ordinal) && state.Contains("cluster_known_nodes:3", StringComparison.Ordinal));
        });
        return new RedisCluster(servers);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
