using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>One connection of the client library, with what hears of published messages on it.</summary>
internal sealed class RedisConnection
{
    private readonly ConnectionMultiplexer _multiplexer;

    private RedisConnection(ConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;

        // Answers may be taken up at once and side by side; in order they would wait for one another. Newer libraries always do so.
#pragma warning disable CS0618
        multiplexer.PreserveAsyncOrder = false;
#pragma warning restore CS0618
        Database = multiplexer.GetDatabase();
        IsCluster = multiplexer.GetEndPoints().Any(endPoint => multiplexer.GetServer(endPoint).ServerType == ServerType.Cluster);
    }

    public IDatabase Database { get; }

    public bool IsCluster { get; }

    /// <summary>Connects, blocking: for the start, before anything is served. Throws what the library throws when no server can be reached.</summary>
    /// <param name="options">How to connect.</param>
    /// <param name="log">Where the library tells what it met.</param>
    public static RedisConnection Open(ConfigurationOptions options, TextWriter log) => new(ConnectionMultiplexer.Connect(options, log));

    public static async Task<RedisConnection> OpenAsync(ConfigurationOptions options) => new(await ConnectionMultiplexer.ConnectAsync(options));

    /// <summary>Looks again which servers there are and which of them is the master.</summary>
    public Task ReconfigureAsync() => _multiplexer.ConfigureAsync();

    /// <summary>Calls back for what is published on a channel, for as long as this connection lives.</summary>
    public Task SubscribeAsync(string channel, Action heard) =>
        _multiplexer.GetSubscriber().SubscribeAsync(new RedisChannel(channel, RedisChannel.PatternMode.Literal), (_, _) => heard());

    /// <summary>Ends the connection without waiting for what was asked on it.</summary>
    public void Close()
    {
        _multiplexer.Close(allowCommandsToComplete: false);
        _multiplexer.Dispose();
    }
}
