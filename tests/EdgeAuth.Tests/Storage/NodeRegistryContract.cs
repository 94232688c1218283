using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage;

/// <summary>What every list of nodes does, whichever it is.</summary>
public abstract class NodeRegistryContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Instant = new(2026, 5, 1, 12, 0, 0, 123, TimeSpan.Zero);
    private Func<Task> _closeAsync = null!;

    private protected INodeRegistry Nodes { get; private set; } = null!;

    public async Task InitializeAsync() => (Nodes, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task List_HasEveryNodeOnce_AsItSpokeLast()
    {
        Assert.Empty(await Nodes.ListAsync(None));
        var (one, two) = (new NodeEntry("1", "größe", "0.1.0", "abc", Instant, Instant), new NodeEntry("2", "host", "0.2.0", "def", Instant, Instant));
        await Nodes.AnnounceAsync(two, None);
        await Nodes.AnnounceAsync(one, None);
        await Nodes.AnnounceAsync(two with { Generation = "abc", Seen = Instant.AddSeconds(5) }, None);

        Assert.Equal([one, two with { Generation = "abc", Seen = Instant.AddSeconds(5) }], await Nodes.ListAsync(None));
    }

    [Fact]
    public async Task Remove_TakesOneOffTheList()
    {
        await Nodes.AnnounceAsync(new NodeEntry("1", "a", "v", "g", Instant, Instant), None);
        await Nodes.AnnounceAsync(new NodeEntry("2", "b", "v", "g", Instant, Instant), None);

        await Nodes.RemoveAsync("1", None);
        await Nodes.RemoveAsync("unknown", None);

        Assert.Equal("2", Assert.Single(await Nodes.ListAsync(None)).Id);
    }

    private protected abstract Task<Opened<INodeRegistry>> OpenAsync();
}
