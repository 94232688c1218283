using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>A Key is alive only while its Grant and its Client are (design: revocation).</summary>
public sealed class SessionLoaderTests : SessionsOfANode
{
    private const string Same = "first/3/5";

    [Theory]
    [InlineData(Same, Same, nameof(SessionState.Alive))]
    [InlineData(null, Same, nameof(SessionState.Unknown))]
    [InlineData(Same, null, nameof(SessionState.ClientDeleted))]
    [InlineData(null, null, nameof(SessionState.ClientDeleted))]
    [InlineData(Same, "second/3/5", nameof(SessionState.ClientDeleted))]
    [InlineData("second/3/5", "second/3/5", nameof(SessionState.ClientDeleted))]
    [InlineData("second/3/5", Same, nameof(SessionState.Unknown))]
    [InlineData(Same, "first/4/5", nameof(SessionState.Unknown))]
    [InlineData("first/4/5", "first/4/5", nameof(SessionState.Unknown))]
    [InlineData("first/2/5", Same, nameof(SessionState.Unknown))]
    [InlineData(Same, "first/3/6", nameof(SessionState.Unknown))]
    [InlineData(Same, "first/3/4", nameof(SessionState.Unknown))]
    [InlineData("first/3/4", Same, nameof(SessionState.Alive))]
    public async Task Token_IsAlive_WhileItsGrantAndItsClientAre(string? grant, string? client, string expected)
    {
        await PutTokenAsync(Life, Parse(grant), Parse(client));

        Assert.Equal(expected, (await StateAsync()).ToString());
    }

    [Fact]
    public async Task PlainKey_NeedsNeitherGrantNorClient()
    {
        var hash = await PutKeyAsync("key");

        Assert.Equal(SessionState.Alive, (await FindAsync(hash)).State);
        Assert.Equal([KeyRepository.IdOf(hash)], Records.Reads);
    }

    // The end of a client, or of everything issued to it, is one write that every token of it follows.
    [Fact]
    public async Task ChangedClient_EndsItsCachedTokens_OnEveryNode()
    {
        using var other = NewNode();
        await other.Feed.ReadOnceAsync(None);
        await PutTokenAsync(Life, Life, Life);
        Assert.Equal((SessionState.Alive, SessionState.Alive), (await StateAsync(), await StateAsync(other)));

        await PutLifeAsync(Client, Life with { GrantGeneration = 4 });
        await Node.Invalidations.PublishClientsAsync([("orders", "app")], None);
        Assert.Equal(SessionState.Unknown, await StateAsync());

        await other.Feed.ReadOnceAsync(None);
        Assert.Equal(SessionState.Unknown, await StateAsync(other));
    }

    [Fact]
    public async Task EndedGrant_EndsItsCachedTokens_OnEveryNode()
    {
        using var other = NewNode();
        await other.Feed.ReadOnceAsync(None);
        await PutTokenAsync(Life, Life, Life);
        Assert.Equal((SessionState.Alive, SessionState.Alive), (await StateAsync(), await StateAsync(other)));

        await PutLifeAsync(Grant, null);
        await Node.Invalidations.PublishGrantsAsync([Grant.Id], [Token.ToHex()], None);
        Assert.Equal(SessionState.Unknown, await StateAsync());

        await other.Feed.ReadOnceAsync(None);
        Assert.Equal(SessionState.Unknown, await StateAsync(other));
    }

    // No message reaches the node at all: what it cached ends by itself.
    [Fact]
    public async Task RevokedToken_IsRefusedWithinASecond_AlsoWhenNothingIsHeard()
    {
        using var deaf = NewNode();
        await PutTokenAsync(Life, Life, Life);
        Assert.Equal(SessionState.Alive, await StateAsync(deaf));

        await PutLifeAsync(Grant, null);
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(SessionState.Unknown, await StateAsync(deaf));
    }

    // Another token of the same client is read meanwhile, and must not make the first look fresh.
    [Fact]
    public async Task RevokedToken_IsRefusedWithinASecond_ThoughItsClientIsReadAgain()
    {
        using var deaf = NewNode();
        await PutTokenAsync(Life, Life, Life);
        Assert.Equal(SessionState.Alive, await StateAsync(deaf));
        await PutLifeAsync(Client, Life with { GrantGeneration = 4 });

        Time.Advance(TimeSpan.FromMilliseconds(800));
        await deaf.Clients.LoadAsync("orders", "app", None);
        Assert.Equal(SessionState.Unknown, await StateAsync(deaf));
    }

    [Theory]
    [InlineData(RecordKind.Grant)]
    [InlineData(RecordKind.Client)]
    public async Task Load_IsRepeated_WhenAParentChangedMeanwhile(object kind)
    {
        await PutTokenAsync(Life, Life, Life);
        var hold = HoldAnswers();
        var loading = Node.Sessions.LoadAsync(Token, None).AsTask();
        var parent = (RecordKind)kind == RecordKind.Grant ? Grant : Client;

        // The key is read, its parents are not; then both are read, and one of them changes before the session is kept.
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Records.AfterRead = _ =>
        {
            read.TrySetResult();
            return go.Task;
        };
        hold.SetResult();
        await read.Task;
        await PutLifeAsync(parent, null);
        Node.Invalidations.Apply([parent]);
        go.SetResult();

        Assert.NotEqual(SessionState.Alive, (await loading).State);
        Assert.Equal(2, ReadsOf(KeyRepository.IdOf(Token)));
    }

    private static ClientLife? Parse(string? text) =>
        text?.Split('/') is [var incarnation, var grants, var access] ? new ClientLife(incarnation, long.Parse(grants), long.Parse(access)) : null;
}
