using EdgeAuth.Sessions;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Clients in memory: cached sessions hold them, so a change must find every one in use.</summary>
public sealed class ClientDirectoryTests : SessionsOfANode
{
    [Fact]
    public async Task Client_IsReadOnce_UntilItChanges()
    {
        await PutLifeAsync(Client, Life);

        Assert.Equal(Life, (await FindClientAsync()).Life);
        Assert.Equal(Life, (await FindClientAsync()).Life);
        Assert.Equal(1, ReadsOf(Client));

        await PutLifeAsync(Client, Life with { AccessGeneration = 6 });
        await Node.Invalidations.PublishClientsAsync([("orders", "app")], None);
        Assert.Equal(6, (await FindClientAsync()).Life!.AccessGeneration);
    }

    [Fact]
    public async Task MissingClient_IsBelievedForASecondAtMost()
    {
        Assert.Null((await FindClientAsync()).Life);
        await PutLifeAsync(Client, Life);

        for (var waited = 0; waited < 900; waited += 300)
        {
            Time.Advance(TimeSpan.FromMilliseconds(300));
            await Node.Feed.ReadOnceAsync(None);
            Assert.Null((await FindClientAsync()).Life);
        }

        Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Life, (await FindClientAsync()).Life);
    }

    [Fact]
    public async Task MissingClient_KeepsItsStamp_WhenItIsStillMissing()
    {
        var first = await FindClientAsync();
        Time.Advance(TimeSpan.FromSeconds(2));
        await Node.Feed.ReadOnceAsync(None);

        Assert.Same(first, await FindClientAsync());
        Assert.Same(first, await FindClientAsync());
        Assert.False(first.IsDropped);
        Assert.Equal(2, ReadsOf(Client));
    }

    [Fact]
    public async Task MissingClient_DropsItsStamp_WhenItAppears()
    {
        var (found, announced) = (await FindClientAsync(), await Node.Clients.LoadAsync("orders", "other", None));
        await PutLifeAsync(Client, Life);

        Assert.Equal(Life, (await Node.Clients.LoadAsync("orders", "app", None)).Life);
        await Node.Invalidations.PublishClientsAsync([("orders", "other")], None);

        Assert.True(found.IsDropped && announced.IsDropped);
        Assert.Equal(Life, (await FindClientAsync()).Life);
    }

    // Its sessions must not be served, though no message came.
    [Fact]
    public async Task ClientThatIsGone_DropsItsStamp_WhenAReadMissesIt()
    {
        await PutLifeAsync(Client, Life);
        var stamp = await FindClientAsync();
        await PutLifeAsync(Client, null);

        Assert.Null((await Node.Clients.LoadAsync("orders", "app", None)).Life);

        Assert.True(stamp.IsDropped);
        Assert.Null((await FindClientAsync()).Life);
    }

    // Claims of tokens name clients; any number of them may not exist.
    [Fact]
    public async Task MissingClients_AreForgotten_WhenTheyAreTooMany()
    {
        await PutLifeAsync(ClientRecordId.Of("orders", "stays"), Life);
        var stays = await Node.Clients.LoadAsync("orders", "stays", None);
        await FindClientAsync();
        for (var i = 0; i < 2 * ClientDirectory.MostAbsent; i++)
        {
            Node.Clients.Publish("orders", "made up " + i, null, Time.GetTimestamp());
        }

        Assert.Null(Node.Clients.TryGet("orders", "app", Time.GetTimestamp()));
        Assert.Same(stays, Node.Clients.TryGet("orders", "stays", Time.GetTimestamp()));
    }

    [Fact]
    public async Task Client_IsReadAnew_WhenTheLogWasNotHeardForTooLong()
    {
        await PutLifeAsync(Client, Life);
        await FindClientAsync();

        Time.Advance(TimeSpan.FromMilliseconds(901));

        Assert.Null(Node.Clients.TryGet("orders", "app", Time.GetTimestamp()));
        Assert.Equal(Life, (await FindClientAsync()).Life);
        Assert.NotNull(Node.Clients.TryGet("orders", "app", Time.GetTimestamp()));
    }

    [Fact]
    public async Task Read_IsRepeated_WhenTheClientChangedMeanwhile()
    {
        await PutLifeAsync(Client, Life);
        var hold = HoldAnswers();
        var loading = Node.Clients.LoadAsync("orders", "app", None).AsTask();
        await PutLifeAsync(Client, null);

        await Node.Invalidations.PublishClientsAsync([("orders", "app")], None);
        hold.SetResult();

        Assert.Null((await loading).Life);
    }

    [Fact]
    public async Task Sessions_OfOneClient_HoldOneStamp_AndAreDroppedWithIt()
    {
        await PutTokenAsync(Life, Life, Life);
        var second = KeyHash.Of("second");
        await Node.Keys.PutAsync(second, new StoredKey { Session = new Session(), Realm = "orders", ClientId = "app", GrantId = Grant.Id, Life = Life }, null, version: null, None);
        var (one, two) = (await FindAsync(Token), await FindAsync(second));
        Assert.Same(one.Client, two.Client);

        await Node.Invalidations.PublishClientsAsync([("orders", "app")], None);

        Assert.True(one.IsDropped && two.IsDropped);
        Assert.Null(Cached(Token));
        Assert.Null(Cached(second));
    }

    // A read that finds the client changed drops the sessions that hold the old one, though no message came.
    [Fact]
    public async Task OldStamp_IsDropped_WhenAReadFindsAnother()
    {
        await PutTokenAsync(Life, Life, Life);
        var entry = await FindAsync(Token);
        await PutLifeAsync(Client, Life with { GrantGeneration = 4 });

        await Node.Clients.LoadAsync("orders", "app", None);

        Assert.True(entry.IsDropped);
    }

    [Fact]
    public async Task Clients_OfSeveralRealms_AreApart_AlsoWithSlashesInTheirIds()
    {
        await PutLifeAsync(ClientRecordId.Of("orders", "a/b"), Life);
        await PutLifeAsync(ClientRecordId.Of("billing", "a/b"), Life with { Incarnation = "second" });

        Assert.Equal("first", (await Node.Clients.LoadAsync("orders", "a/b", None)).Life!.Incarnation);
        Assert.Equal("second", (await Node.Clients.LoadAsync("billing", "a/b", None)).Life!.Incarnation);
        Node.Invalidations.Apply([ClientRecordId.Of("orders", "a/b")]);

        Assert.Null(Node.Clients.TryGet("orders", "a/b", Time.GetTimestamp()));
        Assert.NotNull(Node.Clients.TryGet("billing", "a/b", Time.GetTimestamp()));
    }

    private async Task<ClientStamp> FindClientAsync() => Node.Clients.TryGet("orders", "app", Time.GetTimestamp()) ?? await Node.Clients.LoadAsync("orders", "app", None);
}
