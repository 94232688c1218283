using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage;

/// <summary>What every node list does, whichever it is.</summary>
public abstract class NodeRegistryContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private Func<Task> _closeAsync = null!;

    private protected INodeRegistry Nodes { get; private set; } = null!;

    public async Task InitializeAsync() => (Nodes, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task List_HasEveryNodeOnce_WithWhatItToldLast()
    {
        await AnnounceAsync("b", "one");
        await AnnounceAsync("a", "one");
        await AnnounceAsync("b", "two");

        var listed = await Nodes.ListAsync(None);

        Assert.Equal([("a", "one"), ("b", "two")], listed.Select(static node => (node.Id, node.Generation)));
        Assert.Equal(Entry("a", "one") with { Seen = listed[0].Seen }, listed[0]);
        Assert.True(listed[0].Seen > DateTimeOffset.UnixEpoch.AddYears(50));
    }

    [Fact]
    public async Task Announcement_TellsHowManyThereAre_AndHowManyConfigurations()
    {
        Assert.Equal(new NodeCensus(1, 1), await AnnounceAsync("a", "one"));
        Assert.Equal(new NodeCensus(2, 1), await AnnounceAsync("b", "one"));
        Assert.Equal(new NodeCensus(3, 2), await AnnounceAsync("c", "two"));
        Assert.Equal(3, (await AnnounceAsync("a", "one")).Nodes);
    }

    [Fact]
    public async Task Removed_IsNotListedNorCounted()
    {
        await AnnounceAsync("a", "one");
        await AnnounceAsync("b", "one");

        await Nodes.RemoveAsync("a", None);
        await Nodes.RemoveAsync("nobody", None);

        Assert.Equal("b", Assert.Single(await Nodes.ListAsync(None)).Id);
        Assert.Equal(new NodeCensus(1, 1), await AnnounceAsync("b", "one"));
    }

    [Fact]
    public async Task NodeThatSaysNothingMore_IsForgotten_AndItsConfigurationToo()
    {
        await AnnounceAsync("a", "one");
        await PassLifetimeAsync();

        Assert.Empty(await Nodes.ListAsync(None));
        Assert.Equal(new NodeCensus(1, 1), await AnnounceAsync("b", "two"));
        Assert.Equal("b", Assert.Single(await Nodes.ListAsync(None)).Id);
    }

    private protected abstract Task<Opened<INodeRegistry>> OpenAsync();

    /// <summary>Lets so much time pass that a node which says nothing is forgotten.</summary>
    private protected abstract Task PassLifetimeAsync();

    private ValueTask<NodeCensus> AnnounceAsync(string id, string generation) => Nodes.AnnounceAsync(Entry(id, generation), None);

    private static NodeEntry Entry(string id, string generation) => new(id, "größe-" + id, "1.2.3", generation, new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero), default);
}
