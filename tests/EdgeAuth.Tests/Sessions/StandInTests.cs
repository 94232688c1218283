using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.Tests.Sessions;

/// <summary>What is known stands in for a store that is down, for as long as it may (design: outages).</summary>
public sealed class StandInTests : SessionsOfANode
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Session_IsServedStale_WhileTheStoreIsDown_UntilTheGraceIsOver()
    {
        var hash = await PutKeyAsync("key");
        var entry = await FindAsync(hash);
        Begin();

        Time.Advance(Grace);
        Assert.Same(entry, Cached(hash));
        Time.Advance(Instant);
        Assert.Null(Cached(hash));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Node.Sessions.LoadAsync(hash, None));

        // It was never dropped, and the log says that nothing was missed.
        End();
        await Node.Feed.ReadOnceAsync(None);
        Assert.Same(entry, Cached(hash));
    }

    // Two calls must fail before the store counts as down: they are those of requests.
    [Fact]
    public async Task LoadThatFails_FallsBackToWhatIsKnown()
    {
        var hash = await PutKeyAsync("key");
        var entry = await FindAsync(hash);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Cached(hash));
        Records.BeforeRead = _ =>
        {
            Begin();
            throw new StoreUnavailableException("gone");
        };

        Assert.Same(entry, await Node.Sessions.LoadAsync(hash, None));
        Assert.Same(entry, await Node.Sessions.LoadAsync(hash, None));
    }

    [Fact]
    public async Task Session_ThatWasDropped_DoesNotStandIn()
    {
        var (revoked, missed) = (await PutKeyAsync("revoked"), await PutKeyAsync("missed"));
        await FindAsync(revoked);
        await FindAsync(missed);
        Begin();

        Node.Invalidations.Apply([KeyRepository.IdOf(revoked)]);
        await ShouldBeGoneAsync(revoked);
        Node.Invalidations.ApplyEverything();
        await ShouldBeGoneAsync(missed);
    }

    [Fact]
    public async Task Token_WhoseClientWasDropped_DoesNotStandIn()
    {
        await PutTokenAsync(Life, Life, Life);
        Assert.Equal(SessionState.Alive, await StateAsync());
        Begin();

        Node.Invalidations.Apply([Client]);

        await ShouldBeGoneAsync(Token);
    }

    [Fact]
    public async Task Session_ThatTheStoreWouldNotHaveAnyMore_DoesNotStandIn()
    {
        var hash = await PutKeyAsync("key", storedUntil: Time.GetUtcNow().AddSeconds(5));
        await FindAsync(hash);
        Begin();

        Time.Advance(TimeSpan.FromSeconds(5) - Instant);
        Assert.NotNull(Cached(hash));
        Time.Advance(Instant);
        await ShouldBeGoneAsync(hash);
    }

    [Fact]
    public async Task UnknownCredential_StaysUnknown_WhileTheStoreIsDown()
    {
        var hash = KeyHash.Of("guess");
        await FindAsync(hash);
        Begin();

        Time.Advance(Grace);
        Assert.Equal(SessionState.Unknown, Cached(hash)!.State);
        Time.Advance(Instant);
        await ShouldBeGoneAsync(hash);
    }

    [Fact]
    public async Task Client_StandsIn_AndSoDoesItsAbsence()
    {
        await PutLifeAsync(Client, Life);
        await Node.Clients.LoadAsync("orders", "app", None);
        await Node.Clients.LoadAsync("orders", "none", None);
        Time.Advance(TimeSpan.FromSeconds(2));
        Records.BeforeRead = _ =>
        {
            Begin();
            throw new StoreUnavailableException("gone");
        };
        Assert.Equal(Life, (await Node.Clients.LoadAsync("orders", "app", None)).Life);
        Assert.Null((await Node.Clients.LoadAsync("orders", "none", None)).Life);

        Time.Advance(Grace);
        Assert.Equal(Life, Node.Clients.TryGet("orders", "app", Time.GetTimestamp())!.Life);
        Assert.Null(Node.Clients.TryGet("orders", "none", Time.GetTimestamp())!.Life);
        Time.Advance(Instant);
        foreach (var id in new[] { "app", "none" })
        {
            Assert.Null(Node.Clients.TryGet("orders", id, Time.GetTimestamp()));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Node.Clients.LoadAsync("orders", id, None));
        }
    }

    [Fact]
    public async Task Organisation_StandsIn()
    {
        var entry = await Node.Orgs.LoadAsync("acme", None);
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(Node.Orgs.TryGet("acme", Time.GetTimestamp()));
        Records.BeforeRead = _ =>
        {
            Begin();
            throw new StoreUnavailableException("gone");
        };
        Assert.Same(entry, await Node.Orgs.LoadAsync("acme", None));

        Time.Advance(Grace);
        Assert.Same(entry, Node.Orgs.TryGet("acme", Time.GetTimestamp()));
        Time.Advance(Instant);
        Assert.Null(Node.Orgs.TryGet("acme", Time.GetTimestamp()));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Node.Orgs.LoadAsync("acme", None));
    }

    [Fact]
    public async Task SessionsServedStale_AreCounted_AndFreshOnesAreNot()
    {
        var hash = await PutKeyAsync("key");
        await FindAsync(hash);
        Begin();
        Assert.NotNull(Cached(hash));
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(Cached(hash));
        Assert.NotNull(Cached(hash));

        Assert.Equal(2, Node.Meters.Read("EdgeAuth.Sessions", "edgeauth.sessions.stale")[""]);
    }

    private void Begin()
    {
        if (!Node.Outage.IsDown)
        {
            Node.Outage.Answered();
            Node.Outage.Become(StoreState.Down, "gone");
        }

        Records.BeforeRead = static _ => throw new StoreUnavailableException("gone");
    }

    private void End()
    {
        Records.BeforeRead = static _ => Task.CompletedTask;
        Node.Outage.Answered();
        Node.Outage.Become(StoreState.Up, null);
    }

    private async Task ShouldBeGoneAsync(KeyHash hash)
    {
        Assert.Null(Cached(hash));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Node.Sessions.LoadAsync(hash, None));
    }
}
